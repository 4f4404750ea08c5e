/**
 * Operation frequency on one node: a sliding log per user and quota, in memory (ADR 0029). Looked at where its check
 * stands, charged once when the outcome is known. What only reads a list or a page costs nothing; keystrokes are no
 * operations at all (X47).
 */
import type { Operation } from '@sallyport/core/model/role.js';
import type { Decision } from '@sallyport/core/policy/decision.js';
import type { Instant } from '@sallyport/core/policy/instant.js';
import type { Quota } from '@sallyport/core/policy/quota.js';
import type { Place, See } from '@sallyport/core/policy/see.js';
import { newSlidingLog, peekLog, type SlidingLog, takeLog } from '@sallyport/core/policy/sliding-log.js';

/** Pages ask these by themselves, again and again: lists, and the pieces of a replay. */
const READS: ReadonlySet<string> = new Set<Operation>([
  ...(['block.read', 'retention.read', 'audit.read', 'inventory.read', 'user.read', 'settings.read'] as const),
  ...(['session.list', 'replay'] as const),
]);
const counts = (operation: string): boolean => !READS.has(operation);
/** Logs of users who did nothing for a period are dropped when there are so many. */
const SWEEP_ABOVE = 10_000;

export interface Overrun {
  readonly count: number;
  readonly quota: Quota;
}

export interface OperationCounters {
  /** As an operation sees them: one that is not counted always finds a place. */
  see(operation: string): See;
  /** Takes what the decision says; the answer is what went beyond the overrun number. */
  charge(operation: string, decision: Decision): Overrun | undefined;
}

export function createOperationCounters(): OperationCounters {
  const logs = new Map<string, { readonly log: SlidingLog; readonly quota: Quota }>();

  function sweep(now: Instant): void {
    for (const [key, { log, quota }] of logs) {
      peekLog(log, quota, now);
      if (log.all === 0) logs.delete(key);
    }
  }
  function place(key: string, quota: Quota, now: Instant): Place {
    const log = logs.get(key)?.log;
    if (log === undefined) return { used: 0 };
    const retryAt = peekLog(log, quota, now);
    return { used: log.taken, ...(retryAt === undefined ? {} : { retryAt }) };
  }

  return {
    see: (operation) => ({ ...NOTHING_ELSE, place: counts(operation) ? place : () => ({ used: 0 }) }),
    charge(operation, { charge, meters, at }) {
      if (charge === 'none' || !counts(operation)) return undefined;
      let overrun: Overrun | undefined;
      for (const { key, quota } of meters) {
        if (logs.size > SWEEP_ABOVE) sweep(at);
        const known = logs.get(key) ?? { log: newSlidingLog(), quota };
        logs.set(key, known);
        const taken = takeLog(known.log, quota, at, charge);
        if (taken.admitted || taken.overrun === undefined) continue;
        overrun = { count: taken.overrun.count, quota };
        logs.delete(key);
      }
      return overrun;
    },
  };
}

/** Logins of a day and code of one's own have changes of their own; until then whoever asks is refused. */
const NOTHING_ELSE: Omit<See, 'place'> = {
  count: () => ({ failed: 'store' }),
  answer: () => ({ failed: 'threw' }),
  paid: () => ({}),
};
