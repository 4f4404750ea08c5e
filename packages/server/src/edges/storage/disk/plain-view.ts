/**
 * An encrypted recording's bytes with its payloads decrypted: the same positions and lengths, so that ranges and indexes
 * stay true. Each chunk is compared with its hash before it is opened and then bears the flag OPENED; one that does not
 * match, or whose key is gone, is handed out as it lies, and the reader finds it out.
 */
import type { FileHandle } from 'node:fs/promises';
import { chunkBytes, readChunkHeader, sameHash } from '@sallyport/core/cast/chunk-header.js';
import type { IndexEntry } from '@sallyport/core/cast/chunk-index.js';
import {
  CHUNK_FLAG,
  CHUNK_HEADER_BYTES,
  CHUNK_TRAILER_BYTES,
  HASH_BYTES,
  PREAMBLE_BYTES,
} from '@sallyport/core/cast/container.js';
import type { SealPayload } from '@sallyport/core/cast/payload-cipher.js';
import { readAt } from './recording-reader.js';
import { sha256 } from './sha256.js';

const HOP_BYTES = 4 * 1024;
const FLAGS_AT = 5;

export interface PlainSource {
  readonly sessionId: string;
  readonly file: FileHandle;
  readonly size: number;
  entries(): readonly IndexEntry[] | Promise<readonly IndexEntry[]>;
  readonly decrypt: SealPayload;
}
/** Recordings whose last place read is remembered: who reads on needs no search. */
const PLACES_MAX = 64;
const NEAR_BYTES = 1024 * 1024;

/** Bytes [start, stop) of the view. */
export function createPlainReader(): (source: PlainSource, start: number, stop: number) => Promise<Uint8Array> {
  const places = new Map<string, number>();
  return async ({ sessionId, file, size, entries, decrypt }, start, stop) => {
    const preamble = await readAt(file, start, Math.min(stop, PREAMBLE_BYTES) - start);
    const first = Math.max(start, PREAMBLE_BYTES);
    if (stop <= first) return preamble;
    const place = places.get(sessionId);
    const near = place !== undefined && place <= first && first - place < NEAR_BYTES;
    const from = await chunkStart(file, near ? place : indexedStart(await entries(), first), first, size);
    places.delete(sessionId);
    places.set(sessionId, from);
    if (places.size > PLACES_MAX) places.delete(places.keys().next().value ?? '');
    const bytes = await readPlain(file, [from, first, stop], size, decrypt);
    return preamble.length === 0 ? bytes : Buffer.concat([preamble, bytes]);
  };
}

/** The start of the chunk that holds `position`, by hops over headers from `from`, a chunk's start at or before it. */
async function chunkStart(file: FileHandle, from: number, position: number, end: number): Promise<number> {
  let at = from;
  let window = new Uint8Array(0);
  let windowAt = 0;
  for (;;) {
    if (at < windowAt || at + CHUNK_HEADER_BYTES > windowAt + window.length) {
      window = Uint8Array.from(await readAt(file, at, Math.min(HOP_BYTES, end - at)));
      windowAt = at;
    }
    const head = window.subarray(at - windowAt, at - windowAt + CHUNK_HEADER_BYTES);
    const header = head.length < CHUNK_HEADER_BYTES ? 'cut' : readChunkHeader(head);
    if (typeof header === 'string') return at; // what lies here is no chunk: it is handed out as it is
    const next = at + chunkBytes(header);
    if (next > position || next >= end) return at;
    at = next;
  }
}

/** The nearest chunk that an index knows at or before `position`. */
function indexedStart(entries: readonly IndexEntry[], position: number): number {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.position <= position) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1]?.position ?? PREAMBLE_BYTES;
}

/** Bytes [start, stop) of the view; `from`: the start of the chunk that holds `start`. */
async function readPlain(
  file: FileHandle,
  [from, start, stop]: readonly [number, number, number],
  end: number,
  decrypt: SealPayload,
): Promise<Uint8Array> {
  // A header that the range cuts is needed whole: one bit in it changes.
  let window = await readAt(file, from, Math.min(end, stop + CHUNK_HEADER_BYTES) - from);
  let at = 0;
  while (from + at < stop && window.length - at >= CHUNK_HEADER_BYTES) {
    const header = readChunkHeader(window.subarray(at, at + CHUNK_HEADER_BYTES));
    if (typeof header === 'string') break;
    const total = chunkBytes(header);
    if (at + total > window.length) {
      // The last one is cut by the range: its hash needs the rest.
      if (from + at + total > end) break;
      const rest = await readAt(file, from + window.length, at + total - window.length);
      window = Buffer.concat([window, rest]);
      if (at + total > window.length) break;
    }
    if ((header.flags & CHUNK_FLAG.ENCRYPTED) !== 0) {
      const body = window.subarray(at, at + total - CHUNK_TRAILER_BYTES);
      const hash = window.subarray(at + body.length, at + body.length + HASH_BYTES);
      if (sameHash(sha256(body), hash)) {
        const payload = body.subarray(header.headerBytes);
        payload.set(decrypt(header.sequence, payload));
        body[FLAGS_AT] = (header.flags & ~CHUNK_FLAG.ENCRYPTED) | CHUNK_FLAG.OPENED;
      }
    }
    at += total;
  }
  return window.subarray(Math.max(0, start - from), Math.max(0, stop - from));
}
