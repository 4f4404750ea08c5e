/**
 * What each viewer has seen of each recording. A replay page reads a recording by ranges, and which ones is known here
 * from the reads themselves, not from what the page tells. Ranges of one viewing are joined and written to the audit log
 * as one entry: after a pause, at the latest after LONGEST_MS, and when the gateway stops.
 */
import type { Clock } from './ports/clock.js';

/** Nothing read for so long: the viewing is over, or the page is paused and has all it shows. */
const QUIET_MS = 30_000;
/** A viewing that goes on is told in parts. */
const LONGEST_MS = 5 * 60_000;
/** Of one viewing; past it the nearest two are joined, so that the entry says too much rather than too little. */
const MAX_RANGES = 32;
/** At once; past it the oldest is written early. */
const MAX_VIEWINGS = 2_000;

export interface Viewer {
  readonly actor: string;
  readonly actorId: string;
  readonly source: string;
}
export interface Range {
  readonly start: number;
  readonly end: number;
}
/** What was read: the recording's own bytes, or screens kept of it. Each shows what was there. */
export const READ_PARTS = ['content', 'keyframes'] as const;
export type ReadPart = (typeof READ_PARTS)[number];
/** Of each part bytes [start, end), where the recording's file or its replay index has them. */
export type Seen = Readonly<Record<ReadPart, readonly Range[]>>;
export interface ViewingBook {
  read(viewer: Viewer, sessionId: string, part: ReadPart, range: Range): void;
  /** Writes what is open. */
  close(): Promise<void>;
}
export interface ViewingBookDeps {
  readonly clock: Clock;
  /** Must not reject. */
  write(viewer: Viewer, sessionId: string, seen: Seen): Promise<void>;
}

interface Viewing {
  readonly viewer: Viewer;
  readonly sessionId: string;
  readonly since: number;
  seen: Seen;
  stop: () => void;
}

export function createViewingBook({ clock, write }: ViewingBookDeps): ViewingBook {
  const open = new Map<string, Viewing>();
  const writing = new Set<Promise<void>>();

  function finish(key: string): void {
    const viewing = open.get(key);
    if (viewing === undefined) return;
    open.delete(key);
    viewing.stop();
    const done = write(viewing.viewer, viewing.sessionId, viewing.seen).finally(() => writing.delete(done));
    writing.add(done);
  }
  return {
    read(viewer, sessionId, part, range) {
      if (range.end <= range.start) return;
      const key = `${viewer.actorId} ${viewer.source} ${sessionId}`;
      const now = clock.monotonic();
      let viewing = open.get(key);
      if (viewing === undefined) {
        if (open.size >= MAX_VIEWINGS) finish(open.keys().next().value ?? '');
        viewing = { viewer, sessionId, since: now, seen: { content: [], keyframes: [] }, stop: () => {} };
        open.set(key, viewing);
      }
      viewing.seen = { ...viewing.seen, [part]: joined(viewing.seen[part], range) };
      viewing.stop();
      const left = viewing.since + LONGEST_MS - now;
      viewing.stop = clock.after(Math.max(0, Math.min(QUIET_MS, left)), () => finish(key));
    },
    async close() {
      for (const key of [...open.keys()]) finish(key);
      await Promise.all(writing);
    },
  };
}

/** Sorted, apart from each other, at most MAX_RANGES; covers all of both. */
export function joined(ranges: readonly Range[], added: Range): readonly Range[] {
  const result: Range[] = [];
  let { start, end } = added;
  for (const range of ranges) {
    if (range.end < start || range.start > end) result.push(range);
    else {
      start = Math.min(start, range.start);
      end = Math.max(end, range.end);
    }
  }
  result.push({ start, end });
  result.sort((a, b) => a.start - b.start);
  while (result.length > MAX_RANGES) {
    let nearest = 1;
    for (let n = 2; n < result.length; n++) {
      if (gapBefore(result, n) < gapBefore(result, nearest)) nearest = n;
    }
    result.splice(nearest - 1, 2, { start: result[nearest - 1]!.start, end: result[nearest]!.end });
  }
  return result;
}

const gapBefore = (ranges: readonly Range[], n: number): number => ranges[n]!.start - ranges[n - 1]!.end;

export interface Moment {
  readonly atMs: number;
  /** Byte in the recording's file from which on what follows is held. */
  readonly position: number;
  /** Where its screen is kept, in the keyframes' own bytes. */
  readonly at: number;
  readonly length: number;
}

/**
 * What was read as spans of the recording's time, in seconds: `0-250.4, 720-751`. `moments` are the keyframes, rising; a
 * span of content reaches to the moments around its range, a keyframe of which a byte was read is its own moment.
 */
export function asSpans({ content, keyframes }: Seen, moments: readonly Moment[], durationMs: number): string {
  const spans: Range[] = content.map(({ start, end }) => ({
    start: moments.findLast(({ position }) => position <= start)?.atMs ?? 0,
    end: moments.find(({ position }) => position >= end)?.atMs ?? durationMs,
  }));
  for (const { start, end } of keyframes) {
    const shown = moments.filter(({ at, length }) => at < end && at + length > start);
    const [first, last] = [shown[0], shown.at(-1)];
    if (first && last) spans.push({ start: first.atMs, end: last.atMs });
  }
  const seconds = (ms: number): string => String(Math.round(ms / 100) / 10);
  return spans
    .reduce(joined, [] as readonly Range[])
    .map(({ start, end }) => `${seconds(start)}-${seconds(end)}`)
    .join(', ');
}
