/**
 * What must be stored and could not be: kept, and tried again at each heartbeat until it is (F26). For ends only, where
 * nobody is left to be refused: the row of a session that is over, and the audit of it. What begins is never put off; it
 * fails, and so does what it was asked for.
 */
import type { GatewayDeps } from './gateway-deps.js';

/** More than all sessions of a node can leave in the time a database is away; past it the log alone tells. */
const KEPT_MAX = 10_000;

export interface LateWork {
  /** Tries at once. Never rejects. `late` is when it should have happened, absent at the first try. */
  run(what: string, session: string, job: (late?: string) => Promise<void>): Promise<void>;
  /** Tries all that is left; the first that fails again ends the round. */
  retry(): Promise<void>;
}
interface Kept {
  readonly what: string;
  readonly session: string;
  readonly late: string;
  job(late: string): Promise<void>;
}

export function createLateWork({ clock, log }: Pick<GatewayDeps, 'clock' | 'log'>): LateWork {
  let kept: readonly Kept[] = [];
  let retrying: Promise<void> = Promise.resolve();

  async function again(): Promise<void> {
    const due = kept;
    kept = [];
    for (const [i, { job, late, what, session }] of due.entries()) {
      try {
        await job(late);
        log.info({ session }, `${what}: done, late`);
      } catch (error) {
        log.error({ err: error, session }, `${what} failed again`);
        kept = [...due.slice(i), ...kept];
        return;
      }
    }
  }
  return {
    async run(what, session, job) {
      try {
        await job();
      } catch (error) {
        log.error({ err: error, session }, `${what} failed`);
        if (kept.length < KEPT_MAX) kept = [...kept, { what, session, late: new Date(clock.now()).toISOString(), job }];
      }
    },
    retry() {
      retrying = retrying.then(again);
      return retrying;
    },
  };
}
