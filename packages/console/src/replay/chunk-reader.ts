/**
 * Chunks of a recording by their place, fetched by range and kept in a cache of bounded size, so that neither side ever
 * holds the whole. One request brings a window of chunks; the ones behind the first are then there without asking.
 */
import { type ChunkHeader, chunkBytes, readChunkHeader } from '@sallyport/core/cast/chunk-header.js';
import { ChunkScanner, type ScannedChunk } from '@sallyport/core/cast/chunk-scanner.js';
import { CHUNK_HEADER_BYTES, CHUNK_KIND } from '@sallyport/core/cast/container.js';
import { type DecodeTools, openChunk } from '@sallyport/core/cast/decode-recording.js';
import { decodeEvents } from '@sallyport/core/cast/event-decoder.js';
import type { Damage, RecordedEvent } from '@sallyport/core/cast/recorded-event.js';

const WINDOW_BYTES = 256 * 1024;
const CACHE_BYTES = 24 * 1024 * 1024;

/** Bytes [from, to) of the file; fewer when the file ends, none when it has not grown past `from`. Rejects on failure. */
export type ReadRange = (from: number, to: number, signal: AbortSignal) => Promise<Uint8Array>;

export interface ReplayChunk {
  readonly header: ChunkHeader;
  /** Of its events; other kinds have none. */
  readonly events: readonly RecordedEvent[];
  readonly payload: Uint8Array | undefined;
  /** Where the one after it begins. */
  readonly next: number;
}
export interface ChunkReader {
  /** The chunk at a place; undefined where the file ends for now; damage where it cannot be read. */
  at(position: number, signal: AbortSignal, window?: number): MaybeLater<ReplayChunk | Damage | undefined>;
}
export type MaybeLater<T> = T | Promise<T>;
export const isDamage = (found: ReplayChunk | Damage): found is Damage => 'detail' in found;

export function createChunkReader(read: ReadRange, tools: DecodeTools, cacheBytes = CACHE_BYTES): ChunkReader {
  const cache = new Map<number, ReplayChunk>();
  let cachedBytes = 0;
  const weight = ({ header }: ReplayChunk): number => header.rawBytes + CHUNK_HEADER_BYTES;
  const keep = (position: number, chunk: ReplayChunk): void => {
    if (cache.has(position)) return;
    cache.set(position, chunk);
    cachedBytes += weight(chunk);
    for (const [oldest, old] of cache) {
      if (cachedBytes <= cacheBytes || oldest === position) break;
      cache.delete(oldest);
      cachedBytes -= weight(old);
    }
  };

  async function fetched(position: number, signal: AbortSignal, window: number): Promise<Uint8Array> {
    const bytes = await read(position, position + window, signal);
    if (bytes.length < CHUNK_HEADER_BYTES) return bytes;
    const header = readChunkHeader(bytes.subarray(0, CHUNK_HEADER_BYTES));
    if (typeof header === 'string' || chunkBytes(header) <= bytes.length || bytes.length < window) return bytes;
    return read(position, position + chunkBytes(header), signal);
  }

  async function load(
    position: number,
    signal: AbortSignal,
    window: number,
  ): Promise<ReplayChunk | Damage | undefined> {
    const bytes = await fetched(position, signal, window);
    const scanner = new ChunkScanner({ position });
    let first: ReplayChunk | Damage | undefined;
    for (const scanned of scanner.push(bytes)) {
      const chunk = await open(scanned, tools);
      if (isDamage(chunk)) {
        first ??= chunk;
        break; // the ones before it are sound
      }
      keep(scanned.position, chunk);
      first ??= chunk;
    }
    return first ?? scanner.damage;
  }

  return {
    at(position, signal, window = WINDOW_BYTES) {
      const known = cache.get(position);
      if (!known) return load(position, signal, window);
      cache.delete(position);
      cache.set(position, known);
      return known;
    },
  };
}

async function open(chunk: ScannedChunk, tools: DecodeTools): Promise<ReplayChunk | Damage> {
  const { header, position } = chunk;
  const next = position + chunkBytes(header);
  const { EVENTS, HEADER, SEAL } = CHUNK_KIND;
  if (header.kind !== EVENTS && header.kind !== HEADER && header.kind !== SEAL)
    return { header, events: [], payload: undefined, next };
  // Its place came from the index; of the chain only its own link is looked at here.
  const payload = await openChunk(chunk, undefined, tools);
  if (typeof payload === 'string') return { position, detail: payload };
  if (header.kind !== EVENTS) return { header, events: [], payload, next };
  const events = decodeEvents(header, payload);
  return typeof events === 'string' ? { position, detail: events } : { header, events, payload: undefined, next };
}
