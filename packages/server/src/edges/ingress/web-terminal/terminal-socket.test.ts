import { EventEmitter } from 'node:events';
import { ok } from '@sallyport/core/model/problem.js';
import type { Principal } from '@sallyport/core/model/user.js';
import { encodeJsonFrame, encodeNumberFrame, FRAME } from '@sallyport/core/wire/terminal-frames.js';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import type { Gateway } from '../../../gateway/gateway.js';
import type { ClientEnd } from '../../../gateway/ports/client-end.js';
import { CLOSE, MAX_UNSENT_BYTES, PACE_BYTES, serveTerminalSocket } from './terminal-socket.js';

/** A page that reads only when told to. */
function page() {
  const waiting: (() => void)[] = [];
  const ws = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    isPaused: false,
    bufferedAmount: 0,
    closed: undefined as number | undefined,
    terminated: false,
    send(frame: Uint8Array, _options: object, left?: () => void) {
      ws.bufferedAmount += frame.length;
      if (left) waiting.push(left);
    },
    close(code: number) {
      ws.closed = code;
      ws.readyState = 2;
    },
    terminate() {
      ws.terminated = true;
      ws.readyState = 3;
    },
    pause() {},
    resume() {},
  });
  const opened: ClientEnd[] = [];
  const gateway = {
    open: async (_who: Principal, _ticket: string, end: ClientEnd) => {
      opened.push(end);
      return ok({ sessionId: 's' });
    },
  } as unknown as Gateway;
  serveTerminalSocket(ws as unknown as WebSocket, {
    gateway,
    address: '192.0.2.7',
    principal: async () => ok({} as Principal),
    monotonic: () => 0,
    onFault: (error) => {
      throw error;
    },
  });
  const says = (frame: Uint8Array): void => void ws.emit('message', Buffer.from(frame), true);
  const read = (): void => {
    ws.bufferedAmount = 0;
    for (const left of waiting.splice(0)) left();
  };
  return { ws, says, read, opened };
}
const OPEN = encodeJsonFrame(FRAME.OPEN, 1, { ticket: 't', cols: 80, rows: 24 });

describe('a page’s socket', () => {
  it('F8: who gives credit and reads nothing is cut off, before the memory is full', async () => {
    const { ws, says, opened } = page();
    says(OPEN);
    await expect.poll(() => opened.length).toBe(1);
    const flood = new Uint8Array(64 * 1024);
    for (let n = 0; !ws.terminated && n < 10_000; n++) opened[0]!.output(flood);
    expect(ws.terminated).toBe(true);
    expect(ws.bufferedAmount).toBeLessThan(MAX_UNSENT_BYTES + 2 * flood.length);
  });

  it('F8: pings of a page that does not read are not answered', () => {
    const { ws, says } = page();
    ws.bufferedAmount = PACE_BYTES;
    for (let n = 0; n < 100; n++) says(encodeNumberFrame(FRAME.PING, 0, n));
    expect(ws.bufferedAmount).toBeLessThan(PACE_BYTES + 100);
  });

  it('F13: after it is told to go nothing it says counts', async () => {
    const { ws, says, opened } = page();
    says(Uint8Array.of(0x7f, 0, 0));
    expect(ws.closed).toBe(CLOSE.malformed);
    says(OPEN);
    await Promise.resolve();
    expect(opened).toEqual([]);
  });

  it('hands on history at once while the page reads, and waits when it does not', async () => {
    const { says, read, opened } = page();
    says(OPEN);
    await expect.poll(() => opened.length).toBe(1);
    const [end] = opened;
    expect(end!.history(new Uint8Array(PACE_BYTES))).toBeUndefined();
    let gone = false;
    const paced = end!.history(new Uint8Array(10))!.then(() => {
      gone = true;
    });
    await Promise.resolve();
    expect(gone).toBe(false);
    read();
    await paced;
    expect(gone).toBe(true);
  });
});
