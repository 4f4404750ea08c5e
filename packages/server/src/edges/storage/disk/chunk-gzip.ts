/**
 * Compression of chunks as they are written, within a budget: gzip costs as much per byte as relaying it. A burst of it
 * brings a large file that is printed below its own size; what goes on for longer gets a few per cent of a core and no
 * more, so the relay keeps the processor. Bulk output leaves a share of the budget to the small chunks of the other
 * sessions, which gain the most. Of the process; runs in the thread pool.
 */
import { gunzipSync, gzip } from 'node:zlib';
import type { Clock } from '../../../gateway/ports/clock.js';

/** Smaller payloads gain less than they cost. */
const LEAST_BYTES = 512;
/** Level 1: three times faster than level 6 for about a tenth more bytes on terminal output. */
const LEVEL = 1;
const BUDGET_BYTES_PER_S = 2 * 1024 * 1024;
/** Terminals add a byte to each line end: a tenth of 54 MB, packed to a third, is what makes up for that. */
const BURST_BYTES = 8 * 1024 * 1024;
/** A chunk this large was cut because it was full: bulk output. */
const BULK_BYTES = 32 * 1024;
const KEPT_FROM_BULK_BYTES = 2 * 1024 * 1024;
/** Setting up a compressor costs about as much as compressing this much. */
const LEAST_CHARGE_BYTES = 16 * 1024;
/** Kept only when it saves a tenth. */
const PAYS_BELOW = 0.9;

export interface ChunkGzip {
  /** undefined: store it raw, nothing to wait for. Resolves to undefined when compressing did not pay. */
  offer(payload: Uint8Array): Promise<Uint8Array | undefined> | undefined;
}

export function createChunkGzip(clock: Clock): ChunkGzip {
  let budget = BURST_BYTES;
  let at = clock.monotonic();
  return {
    offer(payload) {
      if (payload.length < LEAST_BYTES) return undefined;
      const now = clock.monotonic();
      budget = Math.min(BURST_BYTES, budget + ((now - at) / 1000) * BUDGET_BYTES_PER_S);
      at = now;
      const charge = Math.max(LEAST_CHARGE_BYTES, payload.length);
      const kept = payload.length > BULK_BYTES ? KEPT_FROM_BULK_BYTES : 0;
      if (budget - kept < charge) return undefined;
      budget -= charge;
      return new Promise((resolve) => {
        // A failure to compress is no failure to record: the chunk is then stored raw.
        gzip(payload, { level: LEVEL }, (error, packed) =>
          resolve(error === null && packed.length < payload.length * PAYS_BELOW ? packed : undefined),
        );
      });
    },
  };
}

/** Opens one chunk; what a damaged or hostile chunk claims bounds the memory. */
export const gunzipChunk = (stored: Uint8Array, rawBytes: number): Uint8Array =>
  gunzipSync(stored, { maxOutputLength: Math.max(1, rawBytes) });
