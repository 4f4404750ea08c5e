/**
 * Group commit for all recordings of the process: one timer cuts every gathered chunk, one timer syncs every written
 * file, and few file-system calls run at once, since they share the pool of four threads with name look-ups and
 * password hashing. Writes and syncs have lanes of their own: a slow sync must not delay the writes that bound what a
 * killed process loses.
 */
import type { Clock } from '../../../gateway/ports/clock.js';

/** Output is handed to the kernel at most this long after it came: what a killed process loses. */
export const GATHER_MS = 50;
/** Written bytes are synced this long after, at most about 250 ms after they came: what a power cut loses. */
export const SYNC_MS = 180;
const WRITE_LANES = 2;
const SYNC_LANES = 1;

export interface Committer {
  /** Calls `cut` within GATHER_MS. */
  gather(cut: () => void): void;
  /** Runs `job` once, SYNC_MS from now or when its turn comes. */
  sync(job: () => Promise<void>): void;
  /** Runs `job` when a lane is free, in order of asking. */
  write(job: () => Promise<void>): void;
}

export function createCommitter(clock: Clock): Committer {
  const writes = createLanes(WRITE_LANES);
  const syncs = createLanes(SYNC_LANES);
  let cuts: (() => void)[] = [];
  let toSync: (() => Promise<void>)[] = [];
  return {
    gather(cut) {
      cuts.push(cut);
      if (cuts.length > 1) return;
      clock.after(GATHER_MS, () => {
        const due = cuts;
        cuts = [];
        for (const call of due) call();
      });
    },
    sync(job) {
      toSync.push(job);
      if (toSync.length > 1) return;
      clock.after(SYNC_MS, () => {
        const due = toSync;
        toSync = [];
        for (const call of due) syncs(call);
      });
    },
    write: writes,
  };
}

/** Jobs never reject: each tells its own recording of its failure. The queue holds at most one job per recording. */
function createLanes(width: number): (job: () => Promise<void>) => void {
  const waiting: (() => Promise<void>)[] = [];
  let running = 0;
  const start = (job: () => Promise<void>): void => {
    running += 1;
    void job().finally(() => {
      running -= 1;
      const next = waiting.shift();
      if (next !== undefined) start(next);
    });
  };
  return (job) => {
    if (running < width) start(job);
    else waiting.push(job);
  };
}
