/**
 * SlidingLog: the times of a user's latest attempts, each admitted or refused. In no period, wherever it begins, are more
 * than `quota` admitted (S68); a fixed window lets through twice that at its edge. What is refused is logged too and takes
 * no place, so a client that never stops trying still gets its quota, and the overrun number counts both (S69).
 *
 * Bounded: beyond the overrun number the user is blocked and the log cleared, so overrun + 1 entries are enough. A
 * ring in typed arrays that doubles as needed: most users never fill the first one.
 */
import type { Instant } from './instant.js';
import type { Quota } from './quota.js';

export interface SlidingLog {
  times: Float64Array;
  admitted: Uint8Array;
  start: number;
  /** Attempts in the ring, and how many of them were admitted. */
  all: number;
  taken: number;
}

export type Take =
  | { readonly admitted: true; readonly used: number }
  | {
      readonly admitted: false;
      readonly retryAt: Instant;
      readonly used: number;
      readonly overrun?: { readonly count: number };
    };

const FIRST_CAPACITY = 8;

export const newSlidingLog = (): SlidingLog => ({
  times: new Float64Array(FIRST_CAPACITY),
  admitted: new Uint8Array(FIRST_CAPACITY),
  start: 0,
  all: 0,
  taken: 0,
});

/** When a place is free, or undefined while one is. Changes nothing that can be seen. */
export function peekLog(log: SlidingLog, quota: Quota, now: Instant): Instant | undefined {
  forget(log, now - quota.periodMs);
  if (isFull(log, quota)) return log.times[log.start]! + quota.periodMs;
  return log.taken < quota.quota ? undefined : freeAt(log, quota);
}

/** One attempt: `admit` takes a place if there is one, `attempt` was refused elsewhere and only counts. */
export function takeLog(log: SlidingLog, quota: Quota, now: Instant, kind: 'admit' | 'attempt'): Take {
  const retryAt = peekLog(log, quota, now);
  const admitted = kind === 'admit' && retryAt === undefined;
  // When it is full, more attempts say nothing new, and no admitted one may be forgotten for them.
  if (!isFull(log, quota)) append(log, now, admitted);
  if (admitted) return { admitted, used: log.taken };
  const refused = { admitted: false, retryAt: retryAt ?? now, used: log.taken } as const;
  return log.all > quota.overrun ? { ...refused, overrun: { count: log.all } } : refused;
}

/** Beyond the overrun number the user is to be blocked and the log cleared; until somebody does, nothing is admitted. */
const isFull = (log: SlidingLog, quota: Quota): boolean => log.all > quota.overrun;

/** An entry leaves a whole period after it came. */
function forget(log: SlidingLog, until: Instant): void {
  const mask = log.times.length - 1;
  while (log.all > 0 && log.times[log.start]! <= until) {
    log.taken -= log.admitted[log.start]!;
    log.start = (log.start + 1) & mask;
    log.all--;
  }
}

/** When so many admitted entries have left that there is a place: after a quota was lowered that may be several. */
function freeAt(log: SlidingLog, quota: Quota): Instant {
  const mask = log.times.length - 1;
  let leave = log.taken - quota.quota + 1;
  for (let index = 0; index < log.all; index++) {
    const at = (log.start + index) & mask;
    leave -= log.admitted[at]!;
    if (leave === 0) return log.times[at]! + quota.periodMs;
  }
  return (log.times[(log.start + log.all - 1) & mask] ?? 0) + quota.periodMs; // a quota of 0: never within what is known
}

/** INVARIANT: times never fall, so that what leaves first stands first; a clock that was put back is held at the last entry. */
function append(log: SlidingLog, now: Instant, admitted: boolean): void {
  if (log.all === log.times.length) grow(log);
  const mask = log.times.length - 1;
  const last = log.all === 0 ? now : log.times[(log.start + log.all - 1) & mask]!;
  const at = (log.start + log.all) & mask;
  log.times[at] = Math.max(now, last);
  log.admitted[at] = Number(admitted);
  log.all++;
  log.taken += Number(admitted);
}

function grow(log: SlidingLog): void {
  const [times, admitted] = [new Float64Array(log.times.length * 2), new Uint8Array(log.times.length * 2)];
  const mask = log.times.length - 1;
  for (let index = 0; index < log.all; index++) {
    times[index] = log.times[(log.start + index) & mask]!;
    admitted[index] = log.admitted[(log.start + index) & mask]!;
  }
  Object.assign(log, { times, admitted, start: 0 });
}
