/**
 * Compression of chunks as they are written, within a budget: gzip costs as much per byte as relaying it, so bulk output
 * is not even offered (chunk-file.ts) and the relay keeps the processor. The budget is the process's, about a per cent
 * of one core whatever the sessions print. Runs in the thread pool.
 */
import { gunzipSync, gzip } from 'node:zlib';
import type { Clock } from '../../../gateway/ports/clock.js';

/** Smaller payloads gain less than they cost. */
const LEAST_BYTES = 512;
/** Level 1: three times faster than level 6 for about a tenth more bytes on terminal output. */
const LEVEL = 1;
const BUDGET_BYTES_PER_S = 1024 * 1024;
const BURST_BYTES = 1024 * 1024;
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
      if (budget < charge) return undefined;
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
