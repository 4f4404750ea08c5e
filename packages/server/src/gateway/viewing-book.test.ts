import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/fixtures/fake-clock.js';
import { asSpans, createViewingBook, joined, type Range } from './viewing-book.js';

const viewer = { actor: 'bo', actorId: 'u1', source: '192.0.2.4' };

function aBook() {
  const clock = fakeClock();
  const written: { readonly sessionId: string; readonly ranges: readonly Range[] }[] = [];
  const book = createViewingBook({
    clock,
    async write(_viewer, sessionId, ranges) {
      written.push({ sessionId, ranges });
    },
  });
  return { clock, written, book };
}

describe('the viewing book', () => {
  it('writes one entry for a viewing, when nothing was read for 30 s', () => {
    const { clock, written, book } = aBook();
    book.read(viewer, 's1', { start: 0, end: 100 });
    clock.advance(29_000);
    book.read(viewer, 's1', { start: 100, end: 200 });
    book.read(viewer, 's1', { start: 900, end: 950 });
    clock.advance(29_999);
    expect(written).toEqual([]);
    clock.advance(1);
    const ranges = [
      { start: 0, end: 200 },
      { start: 900, end: 950 },
    ];
    expect(written).toEqual([{ sessionId: 's1', ranges }]);
    clock.advance(600_000);
    expect(written).toHaveLength(1);
  });

  it('tells a long viewing every 5 minutes', () => {
    const { clock, written, book } = aBook();
    for (let minute = 0; minute < 11 * 3; minute++) {
      book.read(viewer, 's1', { start: minute, end: minute + 1 });
      clock.advance(20_000);
    }
    expect(written).toHaveLength(2);
  });

  it('keeps viewers and recordings apart, and writes all of them when the gateway stops', async () => {
    const { written, book } = aBook();
    book.read(viewer, 's1', { start: 0, end: 1 });
    book.read(viewer, 's2', { start: 0, end: 1 });
    book.read({ ...viewer, actorId: 'u2' }, 's1', { start: 0, end: 1 });
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

  it('turns places in the file into seconds of the recording', () => {
    const moments = [
      { position: 100, atMs: 0 },
      { position: 500, atMs: 60_000 },
      { position: 900, atMs: 125_250 },
    ];
    expect(asSpans([{ start: 0, end: 400 }], moments, 300_000)).toBe('0-60');
    expect(
      asSpans(
        [
          { start: 0, end: 100 },
          { start: 600, end: 1_000 },
        ],
        moments,
        300_000,
      ),
    ).toBe('0-0, 60-300');
    expect(
      asSpans(
        [
          { start: 520, end: 540 },
          { start: 910, end: 920 },
        ],
        moments,
        300_000,
      ),
    ).toBe('60-300');
  });
});
