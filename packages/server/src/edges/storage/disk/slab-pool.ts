/**
 * Memory that events are gathered in. A slab is lent for the time from the first byte to the write, so an idle session
 * holds none; small ones serve keystrokes, large ones bulk output. Bounded: past the limit a slab is left to the
 * collector.
 */
import { CHUNK_HEADER_BYTES, CHUNK_TRAILER_BYTES } from '@sallyport/core/cast/container.js';

const AROUND_BYTES = CHUNK_HEADER_BYTES + CHUNK_TRAILER_BYTES + 128;
const SMALL_BYTES = 4 * 1024 + AROUND_BYTES;
/** Larger slabs save no CPU (the hash dominates) and delay the first byte of a batch. */
const LARGE_BYTES = 64 * 1024 + AROUND_BYTES;
const KEEP_SMALL = 256;
const KEEP_LARGE = 64;

export interface SlabPool {
  take(large: boolean): Uint8Array;
  give(slab: Uint8Array): void;
}

export function createSlabPool(): SlabPool {
  const small: Uint8Array[] = [];
  const large: Uint8Array[] = [];
  return {
    take: (wantsLarge) =>
      wantsLarge
        ? (large.pop() ?? Buffer.allocUnsafeSlow(LARGE_BYTES))
        : (small.pop() ?? Buffer.allocUnsafeSlow(SMALL_BYTES)),
    give(slab) {
      if (slab.length === LARGE_BYTES && large.length < KEEP_LARGE) large.push(slab);
      else if (slab.length === SMALL_BYTES && small.length < KEEP_SMALL) small.push(slab);
    },
  };
}
