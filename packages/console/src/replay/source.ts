/**
 * A recording as the player reads it. The server's replay index tells at once how long it is, what happened when, and
 * where keyframes stand; of the recording itself only what is played is fetched. So a moment of a recording of a day is
 * as near as one of a minute. A session still running, or an index still being made, is asked again every second.
 *
 * Without an index (none could be made) everything still plays, from the front.
 */
import { PREAMBLE_BYTES } from '@sallyport/core/cast/container.js';
import type { DecodeTools } from '@sallyport/core/cast/decode-recording.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { decodeRecordingHeader, type RecordingHeader } from '@sallyport/core/cast/recording-header.js';
import {
  decodeReplayIndex,
  type IndexedMarker,
  type KeyframeEntry,
  keyframeBefore,
  type ReplayEnd,
  type ReplayIndex,
} from '@sallyport/core/cast/replay-index.js';
import {
  decodeKeyframeHeader,
  KEYFRAME_HEADER_BYTES,
  MAX_TABLE_BYTES,
} from '@sallyport/core/cast/replay-index-file.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { ScreenSnapshot } from '@sallyport/core/terminal/snapshot.js';
import type { PageClock } from '../terminal/page-clock.js';
import { type Activity, activityOfRecord, noActivity } from './activity.js';
import { createChunkReader, isDamage, type ReadRange } from './chunk-reader.js';
import { createEventCursor, type EventCursor } from './event-cursor.js';

const POLL_MS = 1_000;
const FIRST_WINDOW_BYTES = 64 * 1024;
const WINDOW_MARGIN_BYTES = 64 * 1024;
const MAX_WINDOW_BYTES = 2 * 1024 * 1024;
const KEPT_KEYFRAMES = 64;

/** Where the bytes come from; rejects with a problem. */
export interface ReplayReader {
  readonly content: ReadRange;
  /** The table of the replay index, gzipped. */
  table(signal: AbortSignal): Promise<Uint8Array>;
  keyframes(from: number, to: number, signal: AbortSignal): Promise<Uint8Array>;
  /** For readers that have the screens at hand, instead of `keyframes`. */
  screen?(entry: KeyframeEntry): ScreenSnapshot | undefined;
}

/** Where playing can begin: a screen, and what follows it. */
export interface StartPoint {
  readonly keyframe: KeyframeEntry | undefined;
  readonly size: TerminalSize;
  readonly snapshot: ScreenSnapshot | undefined;
  readonly cursor: EventCursor;
}
export interface ReplaySource {
  readonly header: RecordingHeader | undefined;
  /** UTC milliseconds of time 0. */
  readonly startedAt: number | undefined;
  readonly activity: Activity;
  /** That an imported file brought. */
  readonly markers: readonly IndexedMarker[];
  /** What is known to be recorded. */
  readonly durationMs: number;
  readonly lastMs: number;
  /** Up to here a seek costs the same wherever it goes. */
  readonly indexedMs: number;
  /** Set when nothing more will come. */
  readonly end: ReplayEnd | undefined;
  /** Whether the hashes of what was read are compared; the chain of all is verified by the server. */
  readonly verified: boolean;
  /** The last keyframe at or before a moment. */
  keyframeAt(atMs: number): KeyframeEntry | undefined;
  /** The screen right after a change of size, where one is kept: what came back from the scrollback is on it. */
  screenAfter(event: RecordedEvent): Promise<ScreenSnapshot | undefined> | undefined;
  startAt(atMs: number, signal: AbortSignal): Promise<StartPoint>;
  /** All events from a moment on, in bounded memory. */
  events(fromMs: number, signal: AbortSignal): AsyncGenerator<RecordedEvent, void, undefined>;
  /** Called after each growth and at the end. */
  watch(listener: () => void): () => void;
  /** Follows the index to its end; resolves there, rejects when reading fails. */
  load(signal: AbortSignal): Promise<void>;
}

export function createReplaySource(deps: {
  readonly reader: ReplayReader;
  readonly tools: DecodeTools;
  readonly clock: PageClock;
  readonly cacheBytes?: number;
}): ReplaySource {
  const { reader, tools, clock } = deps;
  const chunks = createChunkReader(reader.content, tools, deps.cacheBytes);
  const listeners = new Set<() => void>();
  const kept = new Map<number, Promise<ScreenSnapshot | undefined>>();
  let index: ReplayIndex | undefined;
  let header: RecordingHeader | undefined;
  let activity: Activity = noActivity();
  let end: ReplayEnd | undefined;

  const tell = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const ended = (found: ReplayEnd): void => {
    if (end) return;
    end = found;
    tell();
  };

  async function readTable(signal: AbortSignal): Promise<void> {
    const packed = await reader.table(signal);
    const text = new TextDecoder().decode(await opened(packed));
    const found = decodeReplayIndex(text);
    if (found === undefined) throw new Error('a replay index of unknown form');
    // Keyframes may have moved: the index was made anew, or thinned.
    if (index && found.keyframes.length < index.keyframes.length) kept.clear();
    index = found;
    activity = activityOfRecord(found.activity);
    end = found.complete ? found.end : undefined;
  }
  const opened = async (packed: Uint8Array): Promise<Uint8Array> => {
    // The last four bytes of a gzip member tell its length.
    const length =
      packed.length < 8 ? 0 : new DataView(packed.buffer, packed.byteOffset).getUint32(packed.length - 4, true);
    if (length > MAX_TABLE_BYTES) throw new RangeError('a replay index too large');
    return tools.gunzip(packed, length);
  };
  async function readHeader(signal: AbortSignal): Promise<void> {
    const found = await chunks.at(PREAMBLE_BYTES, signal, FIRST_WINDOW_BYTES);
    if (found === undefined || header) return;
    if (isDamage(found)) ended({ atMs: 0, truncated: true, damage: found });
    else header = found.payload && decodeRecordingHeader(found.payload);
  }

  /** A keyframe's screen; undefined when what stands there is another. */
  async function readKeyframe(entry: KeyframeEntry, signal: AbortSignal): Promise<ScreenSnapshot | undefined> {
    if (reader.screen) return reader.screen(entry);
    const stored = await reader.keyframes(entry.at, entry.at + entry.length, signal);
    const head = decodeKeyframeHeader(stored);
    if (head?.offset !== entry.offset || stored.length !== entry.length) return undefined;
    const bytes = await tools.gunzip(stored.subarray(KEYFRAME_HEADER_BYTES), head.rawBytes);
    return { size: entry.size, scrollback: head.scrollback, bytes };
  }
  function screenOf(entry: KeyframeEntry, signal: AbortSignal): Promise<ScreenSnapshot | undefined> {
    const known = kept.get(entry.offset);
    if (known !== undefined) return known;
    const reading = readKeyframe(entry, signal);
    kept.set(entry.offset, reading);
    reading.catch(() => kept.delete(entry.offset));
    if (kept.size > KEPT_KEYFRAMES) kept.delete(kept.keys().next().value ?? -1);
    return reading;
  }
  const limit = (): number => index?.coveredBytes ?? Number.POSITIVE_INFINITY;
  const windowFrom = (entry: KeyframeEntry | undefined): number => {
    const entries = index?.keyframes ?? [];
    const next = entry === undefined ? entries[0] : entries[entries.indexOf(entry) + 1];
    const step = (next?.position ?? 0) - (entry?.position ?? 0) + WINDOW_MARGIN_BYTES;
    return Math.min(MAX_WINDOW_BYTES, Math.max(4 * FIRST_WINDOW_BYTES, step));
  };
  const cursorAt = (keyframe: KeyframeEntry | undefined, signal: AbortSignal): EventCursor =>
    createEventCursor(chunks, { keyframe, window: windowFrom(keyframe), limit }, signal, ended);

  const source: ReplaySource = {
    get header() {
      return header;
    },
    get startedAt() {
      return index?.startedAt ?? header?.startedAt;
    },
    get activity() {
      return activity;
    },
    get markers() {
      return index?.markers ?? [];
    },
    get durationMs() {
      return source.lastMs;
    },
    get lastMs() {
      return end?.atMs ?? activity.lastMs;
    },
    get indexedMs() {
      return activity.lastMs;
    },
    get end() {
      return end;
    },
    verified: tools.sha256 !== undefined,
    keyframeAt: (atMs) => keyframeBefore(index?.keyframes ?? [], atMs),
    screenAfter(event) {
      if (event.type !== 'resize') return undefined;
      const entry = source.keyframeAt(event.atMs);
      const fits = entry?.afterResize === true && entry.offset === event.offset && entry.atMs === event.atMs;
      return fits ? screenOf(entry, new AbortController().signal).catch(() => undefined) : undefined;
    },
    async startAt(atMs, signal) {
      const size = header?.size ?? index?.size ?? { cols: 80, rows: 24 };
      const from = async (entry: KeyframeEntry | undefined): Promise<StartPoint | undefined> => {
        const cursor = cursorAt(entry, signal);
        // Asked for together: the screen, and the bytes that follow it.
        const ahead = Promise.resolve(cursor.peek());
        ahead.catch(() => undefined); // told when it is used
        if (entry === undefined) return { keyframe: undefined, size, snapshot: undefined, cursor };
        const snapshot = await screenOf(entry, signal);
        return snapshot && { keyframe: entry, size: entry.size, snapshot, cursor };
      };
      const found = await from(source.keyframeAt(atMs));
      if (found) return found;
      kept.clear();
      await readTable(signal);
      return (await from(source.keyframeAt(atMs))) ?? (await from(undefined))!;
    },
    async *events(fromMs, signal) {
      const cursor = cursorAt(source.keyframeAt(fromMs), signal);
      for (;;) {
        const event = await cursor.peek();
        if (event === undefined) return;
        cursor.advance();
        if (event.atMs >= fromMs) yield event;
      }
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async load(signal) {
      await Promise.all([readHeader(signal), readTable(signal)]);
      tell();
      while (!end && !signal.aborted) {
        await new Promise<void>((resume) => clock.after(POLL_MS, resume));
        signal.throwIfAborted();
        if (!header) await readHeader(signal);
        await readTable(signal);
        tell();
      }
    },
  };
  return source;
}
