import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/fixtures/fake-clock.js';
import { asSpans, createViewingBook, joined, type Range, type Seen } from './viewing-book.js';

const viewer = { actor: 'bo', actorId: 'u1', source: '192.0.2.4' };

function aBook() {
  const clock = fakeClock();
  const written: { readonly sessionId: string; readonly seen: Seen }[] = [];
  const book = createViewingBook({
    clock,
    async write(_viewer, sessionId, seen) {
      written.push({ sessionId, seen });
    },
  });
  return { clock, written, book };
}

describe('the viewing book', () => {
  it('writes one entry for a viewing, when nothing was read for 30 s', () => {
    const { clock, written, book } = aBook();
    book.read(viewer, 's1', 'content', { start: 0, end: 100 });
    clock.advance(29_000);
    book.read(viewer, 's1', 'content', { start: 100, end: 200 });
    book.read(viewer, 's1', 'content', { start: 900, end: 950 });
    clock.advance(29_999);
    expect(written).toEqual([]);
    clock.advance(1);
    const content = [
      { start: 0, end: 200 },
      { start: 900, end: 950 },
    ];
    expect(written).toEqual([{ sessionId: 's1', seen: { content, keyframes: [] } }]);
    clock.advance(600_000);
    expect(written).toHaveLength(1);
  });

  it('tells a long viewing every 5 minutes', () => {
    const { clock, written, book } = aBook();
    for (let minute = 0; minute < 11 * 3; minute++) {
      book.read(viewer, 's1', 'content', { start: minute, end: minute + 1 });
      clock.advance(20_000);
    }
    expect(written).toHaveLength(2);
  });

  it('keeps viewers and recordings apart, and writes all of them when the gateway stops', async () => {
    const { written, book } = aBook();
    book.read(viewer, 's1', 'content', { start: 0, end: 1 });
    book.read(viewer, 's2', 'content', { start: 0, end: 1 });
    book.read({ ...viewer, actorId: 'u2' }, 's1', 'content', { start: 0, end: 1 });
    await book.close();
    expect(written).toHaveLength(3);
  });

  it('never says less than was read, in at most 32 ranges (law)', () => {
    const range = fc
      .tuple(fc.nat(5_000), fc.integer({ min: 1, max: 60 }))
      .map(([start, n]) => ({ start, end: start + n }));
    fc.assert(
      fc.property(fc.array(range, { minLength: 1, maxLength: 120 }), (all) => {
        const ranges = all.reduce(joined, [] as readonly Range[]);
        expect(ranges.length).toBeLessThanOrEqual(32);
        for (const { start, end } of all) expect(ranges.some((r) => r.start <= start && r.end >= end)).toBe(true);
        for (let n = 1; n < ranges.length; n++) expect(ranges[n]!.start).toBeGreaterThan(ranges[n - 1]!.end);
        if (all.length <= 32) {
          const bytes = new Set(
            all.flatMap(({ start, end }) => Array.from({ length: end - start }, (_, n) => start + n)),
          );
          expect(ranges.reduce((sum, { start, end }) => sum + end - start, 0)).toBe(bytes.size);
        }
      }),
    );
  });

  const moments = [
    { position: 100, atMs: 0, at: 0, length: 50 },
    { position: 500, atMs: 60_000, at: 50, length: 70 },
    { position: 900, atMs: 125_250, at: 120, length: 30 },
  ];
  const spansOf = (seen: Partial<Seen>) => asSpans({ content: [], keyframes: [], ...seen }, moments, 300_000);
  const range = (start: number, end: number): Range => ({ start, end });

  it('turns places in the file into seconds of the recording', () => {
    expect(spansOf({ content: [range(0, 400)] })).toBe('0-60');
    expect(spansOf({ content: [range(0, 100), range(600, 1_000)] })).toBe('0-0, 60-300');
    expect(spansOf({ content: [range(520, 540), range(910, 920)] })).toBe('60-300');
  });

  it('B7: a kept screen that was read was seen, of whichever part of it', () => {
    expect(spansOf({ keyframes: [range(50, 120)] })).toBe('60-60');
    expect(spansOf({ keyframes: [range(119, 121)] })).toBe('60-125.3');
    expect(spansOf({ keyframes: [range(0, 10), range(130, 999)] })).toBe('0-0, 125.3-125.3');
    expect(spansOf({ keyframes: [range(999, 1_000)] })).toBe('');
    expect(spansOf({ keyframes: [range(50, 120)], content: [range(500, 900)] })).toBe('60-125.3');
  });
});
