import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNotice } from './read-notice.js';
import { decodeFrame, encodeJsonFrame, FRAME, type Notice } from './terminal-frames.js';
import { decodeScreen, encodeScreen, WATCH_FRAME } from './watch-frames.js';

const words = fc.string({ maxLength: 200, unit: 'grapheme' }).map((text) => text.slice(0, 200));
const bytes = fc.nat(Number.MAX_SAFE_INTEGER);
const anyNotice: fc.Arbitrary<Notice> = fc.oneof(
  fc.record({ kind: fc.constantFrom('idle-warning' as const, 'time-warning' as const), seconds: fc.nat() }),
  fc.record({
    kind: fc.constantFrom('unrecorded' as const, 'shutdown' as const, 'read-only' as const, 'screen-unknown' as const),
  }),
  fc.record({ kind: fc.constant('watched' as const), names: fc.array(words, { maxLength: 20 }) }),
  fc.record({ kind: fc.constant('frozen' as const), by: words, reason: words, at: bytes }),
  fc.record({ kind: fc.constant('unfrozen' as const), by: words, droppedBytes: bytes }),
  fc.record({ kind: fc.constant('message' as const), by: words, text: words, at: bytes }),
  fc.record({ kind: fc.constant('resynchronised' as const), skippedBytes: bytes }),
);

describe('watch frames', () => {
  it('S24: law: a screen survives its way, for any size, offset and bytes', () => {
    fc.assert(
      fc.property(
        fc.nat(0xffffffff),
        fc.nat(0xffff),
        fc.nat(0xffff),
        bytes,
        fc.uint8Array(),
        (scrollback, cols, rows, offset, painted) => {
          const screen = { scrollback, cols, rows, offset, bytes: painted };
          const got = decodeScreen(encodeScreen(screen))!;
          expect({ ...got, bytes: [...got.bytes] }).toEqual({ ...screen, bytes: [...painted] });
        },
      ),
    );
  });

  it('F13: a screen without its head is none, for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 15 }), (garbage) => {
        expect(decodeScreen(garbage)).toBeUndefined();
      }),
    );
  });

  it('no number of a frame means two things', () => {
    const numbers = [...Object.values(FRAME), ...Object.values(WATCH_FRAME)];
    expect(new Set(numbers).size).toBe(numbers.length);
  });

  it('law: a notice of any kind is read as it was written', () => {
    fc.assert(
      fc.property(anyNotice, (notice) => {
        expect(readNotice(decodeFrame(encodeJsonFrame(FRAME.NOTICE, 1, notice))!.payload)).toEqual(notice);
      }),
    );
  });

  it('F13: a notice of an unknown kind, or without what its kind must say, is none', () => {
    const read = (value: object) => readNotice(new TextEncoder().encode(JSON.stringify(value)));
    for (const value of [
      {},
      { kind: 'newer' },
      { kind: 1 },
      { kind: 'toString' },
      { kind: 'idle-warning' },
      { kind: 'idle-warning', seconds: -1 },
      { kind: 'watched', names: 'all' },
      { kind: 'frozen', by: 'lin', at: 1 },
      { kind: 'frozen', by: 'lin', reason: 'r', at: '1' },
      { kind: 'unfrozen', by: 'lin' },
      { kind: 'message', by: 'lin', text: ['x'], at: 1 },
      { kind: 'resynchronised' },
    ]) {
      expect(read(value), JSON.stringify(value)).toBeUndefined();
    }
    expect(read({ kind: 'watched', names: ['lin', 1, null] })).toEqual({ kind: 'watched', names: ['lin'] });
  });

  it('a message longer than any that may be sent is cut', () => {
    const long = new TextEncoder().encode(JSON.stringify({ kind: 'message', by: 'b', text: 'x'.repeat(9_999), at: 1 }));
    expect(readNotice(long)).toMatchObject({ text: 'x'.repeat(500) });
  });
});
