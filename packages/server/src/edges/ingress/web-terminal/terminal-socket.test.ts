import { ok } from '@sallyport/core/model/problem.js';
import { encodeJsonFrame, encodeNumberFrame, FRAME } from '@sallyport/core/wire/terminal-frames.js';
import { describe, expect, it } from 'vitest';
import { fakePageSocket } from '../../../../test/fixtures/fake-page-socket.js';
import type { ClientEnd } from '../../../gateway/ports/client-end.js';
import { CLOSE, PACE_BYTES } from './frame-socket.js';
import { MAX_UNSENT_BYTES, serveTerminalSocket } from './terminal-socket.js';

function page() {
  const opened: ClientEnd[] = [];
  const one = fakePageSocket(serveTerminalSocket, {
    async open(_who, _ticket, end) {
      opened.push(end);
      return ok({ sessionId: 's' });
    },
  });
  return { ...one, opened };
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
