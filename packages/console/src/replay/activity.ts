/**
 * What the strip under a replay shows: how much output when, where nothing happened, where the size changed. Built as
 * chunks arrive. The histogram has a fixed number of buckets and doubles their width when time outgrows them, so a
 * recording of a month takes the memory of one of a minute.
 */
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';

/** A pause longer than this is idle; skipping plays this much of it. X22: idle cap 2 s. */
export const IDLE_CAP_MS = 2_000;
const BUCKETS = 4_096;
const FIRST_BUCKET_MS = 50;
/** Strip marks; past this many they would be a bar, and only counting goes on. */
const MAX_MARKS = 2_000;

export interface Idle {
  readonly fromMs: number;
  readonly toMs: number;
}
export interface Activity {
  readonly lastMs: number;
  readonly idle: readonly Idle[];
  readonly resizes: readonly { readonly atMs: number; readonly size: TerminalSize }[];
  /** What skipping idle time saves in all. */
  readonly savedMs: number;
  add(events: readonly RecordedEvent[]): void;
  /** Nothing more comes; what follows the last event is idle too. */
  close(endMs: number): void;
  /** Output bytes in each of `count` equal parts of the time. */
  columns(count: number, durationMs: number): Float64Array;
}

export function createActivity(): Activity {
  let buckets = new Float64Array(BUCKETS);
  let bucketMs = FIRST_BUCKET_MS;
  let lastMs = 0;
  let savedMs = 0;
  const idle: Idle[] = [];
  const resizes: { atMs: number; size: TerminalSize }[] = [];

  const widen = (): void => {
    const wider = new Float64Array(BUCKETS);
    for (let i = 0; i < BUCKETS; i++) wider[i >>> 1]! += buckets[i]!;
    buckets = wider;
    bucketMs *= 2;
  };
  const reach = (atMs: number): void => {
    if (atMs - lastMs > IDLE_CAP_MS) {
      savedMs += atMs - lastMs - IDLE_CAP_MS;
      if (idle.length < MAX_MARKS) idle.push({ fromMs: lastMs, toMs: atMs });
    }
    lastMs = Math.max(lastMs, atMs);
  };
  return {
    get lastMs() {
      return lastMs;
    },
    idle,
    resizes,
    get savedMs() {
      return savedMs;
    },
    add(events) {
      for (const event of events) {
        const { atMs } = event;
        reach(atMs);
        if (event.type === 'resize' && resizes.length < MAX_MARKS) resizes.push({ atMs, size: event.size });
        if (event.type !== 'output') continue;
        while (atMs >= bucketMs * BUCKETS) widen();
        buckets[Math.floor(atMs / bucketMs)]! += event.bytes.length;
      }
    },
    close: reach,
    columns(count, durationMs) {
      const columns = new Float64Array(count);
      if (durationMs <= 0) return columns;
      const used = Math.min(BUCKETS, Math.ceil(lastMs / bucketMs) + 1);
      for (let i = 0; i < used; i++) {
        if (buckets[i] === 0) continue;
        const column = Math.floor(((i + 0.5) * bucketMs * count) / durationMs);
        columns[Math.min(count - 1, column)]! += buckets[i]!;
      }
      return columns;
    },
  };
}
