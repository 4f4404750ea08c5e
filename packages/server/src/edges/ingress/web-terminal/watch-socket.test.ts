/** What a page that only looks may send, and what becomes of the rest. */
import { fail, ok } from '@sallyport/core/model/problem.js';
import {
  decodeFrame,
  decodeJson,
  encodeFrame,
  encodeJsonFrame,
  encodeNumberFrame,
  encodeSizeFrame,
  FRAME,
} from '@sallyport/core/wire/terminal-frames.js';
import { MAX_WATCHES_PER_SOCKET, WATCH_FRAME } from '@sallyport/core/wire/watch-frames.js';
import { describe, expect, it } from 'vitest';
import { fakePageSocket } from '../../../../test/fixtures/fake-page-socket.js';
import type { WatcherEnd } from '../../../gateway/ports/watcher-end.js';
import { CLOSE } from './frame-socket.js';
import { serveWatchSocket } from './watch-socket.js';

const OPEN = encodeJsonFrame(FRAME.OPEN, 1, { ticket: 't' });
const INPUT = (number: number): Uint8Array => encodeFrame(FRAME.INPUT, number, Buffer.from('rm -rf /\r'));

function page({ lets = true } = {}) {
  const joined: WatcherEnd[] = [];
  const inSession: string[] = [];
  const astray: string[] = [];
  const seats = { wanted: [] as (readonly string[])[], closed: 0 };
  let left = 0;
  const one = fakePageSocket(serveWatchSocket, {
    async watch(_who, _ticket, end) {
      if (!lets) return fail('session.over');
      joined.push(end);
      end.start({ onCredit: () => {}, onRefused: (what) => inSession.push(what), onGone: () => left++ });
      return ok(undefined);
    },
    watchRefused: (_who, what) => astray.push(what),
    wall: () => ({ want: (ids) => seats.wanted.push(ids), close: () => seats.closed++ }),
  });
  return { ...one, joined, inSession, astray, seats, left: () => left };
}
/** Whatever it asked of the gateway has been answered. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a page that looks', () => {
  it('S31, V48: input and sizes where it watches are told to the session, elsewhere written down once', async () => {
    const { says, joined, inSession, astray } = page();
    for (let n = 0; n < 100; n++) says(INPUT(n % 7));
    says(encodeSizeFrame(FRAME.RESIZE, 3, 10, 10));
    await settled();
    expect([inSession, astray]).toEqual([[], ['input']]);
    says(OPEN);
    await expect.poll(() => joined.length).toBe(1);
    says(INPUT(1));
    says(encodeSizeFrame(FRAME.RESIZE, 1, 10, 10));
    says(INPUT(2));
    await settled();
    expect([inSession, astray]).toEqual([['input', 'resize'], ['input']]);
  });

  it('V48: what is typed before the gateway has answered is written down too', async () => {
    const { says, astray, inSession } = page();
    says(OPEN);
    says(INPUT(1));
    await settled();
    expect([inSession, astray]).toEqual([[], ['input']]);
  });

  it('S30: one that is not let in is told why, and its number is free again', async () => {
    const { says, sent } = page({ lets: false });
    for (let n = 1; n <= MAX_WATCHES_PER_SOCKET + 1; n++) {
      says(encodeJsonFrame(FRAME.OPEN, n, { ticket: 't' }));
      await settled();
    }
    expect(sent).toHaveLength(MAX_WATCHES_PER_SOCKET + 1);
    for (const frame of sent) {
      const { type, payload } = decodeFrame(frame)!;
      expect([type, decodeJson(payload)]).toMatchObject([FRAME.ENDED, { reason: 'failed', code: 'session.over' }]);
    }
  });

  it.each([
    ['a second watch at the same number', [OPEN, OPEN]],
    ['a ticket that is none', [encodeJsonFrame(FRAME.OPEN, 1, { ticket: 7 })]],
    [
      'more watches than there may be',
      Array.from({ length: MAX_WATCHES_PER_SOCKET + 1 }, (_, n) => encodeJsonFrame(FRAME.OPEN, n, { ticket: 't' })),
    ],
    ['a credit of no number', [encodeFrame(FRAME.CREDIT, 1, Buffer.from('x'))]],
    ['tiles that are not names', [encodeJsonFrame(WATCH_FRAME.TILES, 0, { sessionIds: [1] })]],
    ['a frame of the other side', [encodeNumberFrame(FRAME.PONG, 0, 1)]],
    ['a frame that is too short', [Uint8Array.of(FRAME.PING)]],
  ])('F13: %s closes this socket, and the page is gone from all it watched', async (_, frames) => {
    const { ws, says, joined, left } = page();
    for (const frame of frames) says(frame);
    await expect.poll(() => ws.closed).toBe(CLOSE.malformed);
    await settled();
    ws.emit('close');
    expect(left()).toBe(joined.length);
    says(INPUT(5));
    says(OPEN);
    await settled();
    expect(left()).toBe(joined.length); // told to go: what it still says counts no more
  });

  it('its seat before the wall is one, and given back', async () => {
    const { ws, says, seats } = page();
    for (const id of ['a', 'b']) says(encodeJsonFrame(WATCH_FRAME.TILES, 0, { sessionIds: [id] }));
    await settled();
    expect(seats).toEqual({ wanted: [['a'], ['b']], closed: 0 });
    ws.emit('close');
    await settled();
    expect(seats.closed).toBe(1);
  });
});
