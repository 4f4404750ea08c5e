/**
 * Runs retention in the background: finishes at start what a crash cut short, then a batch now and an hour after each
 * last one, sooner while there is more. One at a time; an error is told and tried again, it ends no session.
 */
import type { Clock } from '../ports/clock.js';
import type { RecordingKeeper } from './recording-keeper.js';

/** After the start, when sessions that come back want the disk. */
export const FIRST_SWEEP_MS = 60_000;
export const SWEEP_EVERY_MS = 3_600_000;
/** Between two batches: the disk is the sessions'. */
const MORE_MS = 5_000;

export interface SweeperLog {
  error(fields: object, message: string): void;
  info(fields: object, message: string): void;
}
export interface Sweeper {
  /** Resolves when the sweep under way, if any, has ended. */
  stop(): Promise<void>;
}

export function startSweeper(
  keeper: Pick<RecordingKeeper, 'sweep' | 'recover'>,
  clock: Clock,
  log: SweeperLog,
): Sweeper {
  const stopping = new AbortController();
  let cancel: () => void = () => {};
  let running: Promise<void> = keeper.recover().then(
    (count) => {
      if (count > 0) log.info({ recordings: count }, 'finished the deletions that an earlier run began');
    },
    (error: unknown) => log.error({ err: error }, 'the deletions of an earlier run could not be finished'),
  );

  async function sweep(): Promise<void> {
    let wait = SWEEP_EVERY_MS;
    try {
      const { deleted, bytes, more } = await keeper.sweep(undefined, stopping.signal);
      if (deleted > 0) log.info({ deleted, bytes }, 'deleted recordings whose time was over');
      if (more) wait = MORE_MS;
    } catch (error) {
      log.error({ err: error }, 'the sweep of recordings failed');
    }
    plan(wait);
  }
  function plan(ms: number): void {
    if (stopping.signal.aborted) return;
    cancel = clock.after(ms, () => {
      running = sweep();
    });
  }
  plan(FIRST_SWEEP_MS);
  return {
    async stop() {
      stopping.abort();
      cancel();
      await running;
    },
  };
}
