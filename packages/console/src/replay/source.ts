/**
 * A recording as the player reads it: chunks of events by number, fetched by byte range. Reading runs once from front to
 * end, verifying the chain and building the index; opened chunks stay in a cache of bounded size, others are fetched
 * again when a seek needs them. A session still running is read up to now and asked again every two seconds.
 */
import { type ChunkHeader, chunkBytes } from '@sallyport/core/cast/chunk-header.js';
import { ChunkScanner, type ScannedChunk } from '@sallyport/core/cast/chunk-scanner.js';
import { CHUNK_KIND, encodePreamble } from '@sallyport/core/cast/container.js';
import { type DecodeTools, openChunk } from '@sallyport/core/cast/decode-recording.js';
import { decodeEvents } from '@sallyport/core/cast/event-decoder.js';
import type { Damage, RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { decodeRecordingHeader, type RecordingHeader } from '@sallyport/core/cast/recording-header.js';
import { decodeSeal } from '@sallyport/core/cast/seal.js';
import type { PageClock } from '../terminal/page-clock.js';
import { type Activity, createActivity } from './activity.js';

const READ_BYTES = 1024 * 1024;
const CACHE_RAW_BYTES = 48 * 1024 * 1024;
const POLL_MS = 2_000;

/** Bytes [from, to) of the file; fewer when the file ends, none when it has not grown past `from`. Rejects on failure. */
export type ReadRange = (from: number, to: number, signal: AbortSignal) => Promise<Uint8Array>;

export interface ReplayEnd {
  readonly atMs: number;
  readonly truncated: boolean;
  readonly exitCode?: number;
  readonly damage?: Damage;
}

export interface ReplaySource {
  readonly header: RecordingHeader | undefined;
  readonly activity: Activity;
  readonly chunkCount: number;
  /** Time of the last event read so far. */
  readonly lastMs: number;
  /** Set when nothing more will come. */
  readonly end: ReplayEnd | undefined;
  /** Whether hashes were compared. */
  readonly verified: boolean;
  chunk(number: number): readonly RecordedEvent[] | Promise<readonly RecordedEvent[]>;
  /** Called after each growth and at the end. */
  watch(listener: () => void): () => void;
  /** Reads to the end; resolves there, rejects when reading fails. */
  load(signal: AbortSignal): Promise<void>;
}

interface Indexed {
  readonly position: number;
  readonly header: ChunkHeader;
  readonly before: ChunkHeader;
  readonly hashBefore: Uint8Array;
}

export function createReplaySource(deps: {
  readonly read: ReadRange;
  readonly tools: DecodeTools;
  readonly clock: PageClock;
  /** Whether the session still runs, so that the file may grow. Asked before each read: cheap once it is over. */
  stillGrowing(): Promise<boolean>;
  readonly cacheBytes?: number;
}): ReplaySource {
  const { read, tools, clock } = deps;
  const activity = createActivity();
  const index: Indexed[] = [];
  const cache = new Map<number, readonly RecordedEvent[]>();
  const listeners = new Set<() => void>();
  let cachedBytes = 0;
  let header: RecordingHeader | undefined;
  let end: ReplayEnd | undefined;

  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const keep = (number: number, events: readonly RecordedEvent[]): void => {
    cache.delete(number);
    cache.set(number, events);
    cachedBytes += index[number]?.header.rawBytes ?? 0;
    for (const [oldest] of cache) {
      if (cachedBytes <= (deps.cacheBytes ?? CACHE_RAW_BYTES) || oldest === number) break;
      cache.delete(oldest);
      cachedBytes -= index[oldest]?.header.rawBytes ?? 0;
    }
  };

  async function again(number: number): Promise<readonly RecordedEvent[]> {
    const entry = index[number];
    if (!entry) throw new RangeError(`no chunk ${number}`);
    const bytes = await read(entry.position, entry.position + chunkBytes(entry.header), new AbortController().signal);
    const scanner = new ChunkScanner({ position: entry.position, after: entry.before });
    const [chunk] = scanner.push(bytes);
    const opened = chunk && (await openChunk(chunk, tools.sha256 && entry.hashBefore, tools));
    const events = chunk && opened instanceof Uint8Array ? decodeEvents(chunk.header, opened) : undefined;
    if (!Array.isArray(events)) throw new Error('the recording changed while it was read');
    keep(number, events);
    return events;
  }

  /** Takes one chunk in; true when it was the last. */
  async function take(
    chunk: ScannedChunk,
    before: ScannedChunk | undefined,
    hashBefore: Uint8Array | undefined,
  ): Promise<boolean> {
    const stop = (detail: string): true => {
      end = { atMs: activity.lastMs, truncated: true, damage: { position: chunk.position, detail } };
      return true;
    };
    const opened = await openChunk(chunk, hashBefore, tools);
    if (typeof opened === 'string') return stop(opened);
    switch (chunk.header.kind) {
      case CHUNK_KIND.HEADER:
        header = decodeRecordingHeader(opened);
        return header === undefined ? stop('a header of unknown form') : false;
      case CHUNK_KIND.EVENTS: {
        const events = decodeEvents(chunk.header, opened);
        if (typeof events === 'string') return stop(events);
        if (!before) return stop('the first chunk is not a header');
        activity.add(events);
        index.push({
          position: chunk.position,
          header: chunk.header,
          before: before.header,
          hashBefore: before.hash,
        });
        keep(index.length - 1, events);
        return false;
      }
      case CHUNK_KIND.SEAL: {
        const seal = decodeSeal(opened);
        if (seal === undefined) return stop('a seal of unknown form');
        const exitCode = seal.exitCode === undefined ? {} : { exitCode: seal.exitCode };
        activity.close(chunk.header.lastUs / 1000);
        end = {
          atMs: activity.lastMs,
          truncated: seal.state === 'truncated',
          ...exitCode,
        };
        return true;
      }
      default:
        return false;
    }
  }

  async function load(signal: AbortSignal): Promise<void> {
    const scanner = new ChunkScanner();
    let fetched = 0;
    let before: ScannedChunk | undefined;
    let hashBefore = await tools.sha256?.(encodePreamble());
    for (;;) {
      // Asked before reading: what is written after the answer "over" does not exist.
      const growing = await deps.stillGrowing();
      const bytes = await read(fetched, fetched + READ_BYTES, signal);
      signal.throwIfAborted();
      fetched += bytes.length;
      for (const chunk of scanner.push(bytes)) {
        const last = await take(chunk, before, hashBefore);
        before = chunk;
        hashBefore = tools.sha256 && chunk.hash;
        if (last) return tell();
      }
      if (scanner.damage !== undefined) {
        end = { atMs: activity.lastMs, truncated: true, damage: scanner.damage };
        return tell();
      }
      tell();
      if (bytes.length === READ_BYTES) continue;
      if (!growing) {
        const detail = scanner.pending > 0 ? 'the last chunk is cut' : 'no seal';
        end = { atMs: activity.lastMs, truncated: true, damage: { position: scanner.position, detail } };
        return tell();
      }
      await new Promise<void>((resume) => clock.after(fetched === 0 ? POLL_MS / 4 : POLL_MS, resume));
      signal.throwIfAborted();
    }
  }

  return {
    get header() {
      return header;
    },
    activity,
    get chunkCount() {
      return index.length;
    },
    get lastMs() {
      return end?.atMs ?? activity.lastMs;
    },
    get end() {
      return end;
    },
    verified: tools.sha256 !== undefined,
    chunk: (number) => cache.get(number) ?? again(number),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    load,
  };
}
