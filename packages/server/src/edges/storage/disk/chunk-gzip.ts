/**
 * Compression of chunks as they are written, within two budgets: gzip costs as much per byte as relaying it. Bulk output
 * gets a burst, which brings a large file that is printed below its own size, and next to nothing while it goes on, so the
 * relay keeps the processor. The small chunks of sessions at work, which gain the most, have a few per cent of a core of
 * their own. Of the process; runs in the thread pool.
 */
import { gunzipSync, gzip } from 'node:zlib';
import type { Clock } from '../../../gateway/ports/clock.js';

/** Smaller payloads gain less than they cost. */
const LEAST_BYTES = 512;
/** Level 1: three times faster than level 6 for about a tenth more bytes on terminal output. */
const LEVEL = 1;
const MIB = 1024 * 1024;
/** A chunk this large was cut because it was full: bulk output. */
const BULK_BYTES = 32 * 1024;
/** Terminals add a byte to each line end: a tenth of 54 MB, packed to a third, is what makes up for that. */
const BULK = { burst: 6 * MIB, perSecond: MIB / 4 };
const SMALL = { burst: 2 * MIB, perSecond: 2 * MIB };
/** Setting up a compressor costs about as much as compressing this much. */
const LEAST_CHARGE_BYTES = 16 * 1024;
/** Kept only when it saves a tenth. */
const PAYS_BELOW = 0.9;

export interface ChunkGzip {
  /** undefined: store it raw, nothing to wait for. Resolves to undefined when compressing did not pay. */
  offer(payload: Uint8Array): Promise<Uint8Array | undefined> | undefined;
}

export function createChunkGzip(clock: Clock): ChunkGzip {
  const bulk = createBudget(clock, BULK);
  const small = createBudget(clock, SMALL);
  return {
    offer(payload) {
      if (payload.length < LEAST_BYTES) return undefined;
      const budget = payload.length > BULK_BYTES ? bulk : small;
      if (!budget.spend(Math.max(LEAST_CHARGE_BYTES, payload.length))) return undefined;
      return new Promise((resolve) => {
        // A failure to compress is no failure to record: the chunk is then stored raw.
        gzip(payload, { level: LEVEL }, (error, packed) =>
          resolve(error === null && packed.length < payload.length * PAYS_BELOW ? packed : undefined),
        );
      });
    },
  };
}

/** Bytes that may be compressed now: a full burst at first, and what time brings. */
function createBudget(clock: Clock, { burst, perSecond }: { burst: number; perSecond: number }) {
  let left = burst;
  let at = clock.monotonic();
  return {
    spend(bytes: number): boolean {
      const now = clock.monotonic();
      left = Math.min(burst, left + ((now - at) / 1000) * perSecond);
      at = now;
      if (left < bytes) return false;
      left -= bytes;
      return true;
    },
  };
}

/** Opens one chunk; what a damaged or hostile chunk claims bounds the memory. */
export const gunzipChunk = (stored: Uint8Array, rawBytes: number): Uint8Array =>
  gunzipSync(stored, { maxOutputLength: Math.max(1, rawBytes) });
