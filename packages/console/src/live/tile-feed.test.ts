import {
  decodeFrame,
  decodeJson,
  encodeJsonFrame,
  FRAME,
  type FrameType,
} from '@sallyport/core/wire/terminal-frames.js';
import { WATCH_FRAME } from '@sallyport/core/wire/watch-frames.js';
import { describe, expect, it } from 'vitest';
import { handClock } from '../terminal/page-clock.fixture.js';
import { createTerminalSocket, type WebSocketLike } from '../terminal/socket.js';
import { createTileFeed } from './tile-feed.js';

function stand() {
  const clock = handClock(50_000);
  const lines: WebSocketLike[] = [];
  const asked: unknown[] = [];
  const socket = createTerminalSocket({
    clock,
    connect() {
      const line: WebSocketLike = {
        bufferedAmount: 0,
        onopen: null,
        onclose: null,
        onmessage: null,
        send(bytes) {
          const frame = decodeFrame(bytes)!;
          if (frame.type !== FRAME.PING) asked.push([frame.type, decodeJson(frame.payload)?.sessionIds]);
        },
        close: () => undefined,
      };
      lines.push(line);
      return line;
    },
  });
  const feed = createTileFeed({ socket, clock });
  return {
    clock,
    feed,
    asked,
    up: () => lines.at(-1)!.onopen?.({} as Event),
    drop: () => lines.at(-1)!.onclose?.({ code: 1006 } as CloseEvent),
    tile(value: object) {
      const bytes = encodeJsonFrame(WATCH_FRAME.TILE as FrameType, 0, value);
      lines.at(-1)!.onmessage?.({ data: bytes.slice().buffer } as unknown as MessageEvent);
    },
  };
}
const picture = (text: string) => ({ atMs: 1, cols: 80, rows: 24, lines: [[{ text }]] });

describe('pictures of the wall', () => {
  it('are asked for once for what is in sight, at most 24, and not again when nothing changed', () => {
    const { feed, asked, clock, up } = stand();
    feed.want(['a']);
    feed.want(['a', 'b']);
    up();
    clock.pass(1_000);
    expect(asked).toEqual([[WATCH_FRAME.TILES, ['a', 'b']]]);
    feed.want(['a', 'b']);
    clock.pass(1_000);
    expect(asked).toHaveLength(1);
    feed.want(Array.from({ length: 30 }, (_, at) => `s${at}`));
    clock.pass(1_000);
    expect((asked[1] as [number, string[]])[1]).toHaveLength(24);
    feed.want([]);
    clock.pass(1_000);
    expect(asked.at(-1)).toEqual([WATCH_FRAME.TILES, []]);
  });

  it('are told to those that draw them, and to no others', () => {
    const { feed, up, tile } = stand();
    up();
    const drawn: string[] = [];
    feed.watch('a', () => drawn.push('a'));
    feed.watch('b', () => drawn.push('b'));
    tile({ sessionId: 'a', offset: 5, picture: picture('hello') });
    expect(drawn).toEqual(['a']);
    expect(feed.picture('a')?.picture.lines[0]).toEqual([{ text: 'hello' }]);
  });

  it('grow old when the line is lost, and are asked for again when it is back', () => {
    const { feed, asked, clock, up, drop, tile } = stand();
    feed.want(['a']);
    up();
    tile({ sessionId: 'a', offset: 5, picture: picture('x') });
    clock.pass(500);
    drop();
    expect(feed.oldSince).toBe(50_500);
    expect(feed.picture('a')).toBeDefined();
    clock.pass(10_000);
    up();
    expect(feed.oldSince).toBeUndefined();
    expect(asked).toHaveLength(2);
  });

  it('F13, V44: what is no picture is left out', () => {
    const { feed, up, tile } = stand();
    up();
    tile({ sessionId: 'a', offset: 5 });
    tile({ sessionId: 'a', offset: 5, picture: { cols: 1e9, rows: 24, lines: [] } });
    tile({ sessionId: 7, offset: 5, picture: picture('x') });
    expect(feed.picture('a')).toBeUndefined();
    tile({ sessionId: 'a', offset: 5, picture: { cols: 80, rows: 1, lines: [[{ text: 'a', fg: 'url(x)' }, 3], 'x'] } });
    expect(feed.picture('a')?.picture.lines).toEqual([[{ text: 'a' }]]);
  });
});
