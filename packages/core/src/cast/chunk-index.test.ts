import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ChunkIndex,
  decodeIndex,
  encodeIndex,
  entryBefore,
  INDEX_LIMIT,
  INDEX_STEP_BYTES,
  type IndexEntry,
} from './chunk-index.js';

const filled = (chunks: number, chunkBytes: number): ChunkIndex => {
  const index = new ChunkIndex();
  for (let n = 0; n < chunks; n += 1)
    index.add({ position: 500 + n * chunkBytes, firstUs: n * 1000, offset: n * (chunkBytes - 150) });
  return index;
};

describe('index of chunks', () => {
  it('holds one entry a step, and stays bounded however long the recording is', () => {
    expect(filled(100, INDEX_STEP_BYTES / 4).entries).toHaveLength(25);
    const long = filled(INDEX_LIMIT * 50, 65_536 * 8).entries;
    expect(long.length).toBeLessThan(INDEX_LIMIT);
    expect(long.length).toBeGreaterThan(INDEX_LIMIT / 4);
    const steps = long.slice(1).map(({ position }, n) => position - long[n]!.position);
    expect(Math.max(...steps)).toBeLessThanOrEqual(2 * Math.min(...steps));
  });

  it('the entry before an offset is a chunk that ends at or before it, and a near one', () => {
    const { entries } = filled(4000, 65_536);
    const ends = new Map(entries.map((entry, n) => [entry, entries[n + 1]?.offset ?? Number.POSITIVE_INFINITY]));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4001 * 65_536 }), (from) => {
        const entry = entryBefore(entries, from);
        if (entry === undefined) expect(from).toBeLessThanOrEqual(entries[1]!.offset);
        else {
          expect(ends.get(entry)!).toBeLessThan(from);
          expect(entries.filter(({ offset }) => offset > entry.offset && offset < from).length).toBeGreaterThanOrEqual(
            1,
          );
        }
      }),
    );
    expect(entryBefore([], 5)).toBeUndefined();
    expect(entryBefore(entries, 0)).toBeUndefined();
  });

  it('decode after encode is the same; what does not rise is refused', () => {
    const { entries } = filled(300, 700_000);
    expect(decodeIndex(encodeIndex(entries))).toEqual(entries);
    const [first, second] = entries as [IndexEntry, IndexEntry];
    expect(decodeIndex(encodeIndex([second, first]))).toBeUndefined();
    expect(decodeIndex(encodeIndex([first, first]))).toBeUndefined();
    expect(decodeIndex(encodeIndex(entries).subarray(1))).toBeUndefined();
    fc.assert(fc.property(fc.uint8Array({ maxLength: 96 }), (noise) => void decodeIndex(noise)));
  });
});
