/**
 * SmoothRate: GCRA, for machines that should be spread out evenly. One number per key, and for it the promise of S68 is
 * given up: a burst of the quota and one more operation pass within a period. Attempts are counted by fixed periods, which
 * is enough to tell a runaway loop.
 */
import type { Instant } from './instant.js';
import type { Quota } from './quota.js';
import type { Take } from './sliding-log.js';

export interface SmoothRate {
  /** When the bucket would be empty again. */
  emptyAt: Instant;
  periodFrom: Instant;
  attempts: number;
}
export const newSmoothRate = (): SmoothRate => ({ emptyAt: 0, periodFrom: 0, attempts: 0 });

export function peekSmooth(rate: SmoothRate, quota: Quota, now: Instant): Instant | undefined {
  const interval = quota.periodMs / quota.quota;
  const free = Math.max(rate.emptyAt, now) + interval - quota.periodMs;
  return free <= now ? undefined : Math.ceil(free);
}

export function takeSmooth(rate: SmoothRate, quota: Quota, now: Instant, kind: 'admit' | 'attempt'): Take {
  if (now - rate.periodFrom >= quota.periodMs || now < rate.periodFrom)
    Object.assign(rate, { periodFrom: now, attempts: 0 });
  rate.attempts++;
  const retryAt = peekSmooth(rate, quota, now);
  const used = smoothUsed(rate, quota, now);
  if (kind === 'admit' && retryAt === undefined) {
    rate.emptyAt = Math.max(rate.emptyAt, now) + quota.periodMs / quota.quota;
    return { admitted: true, used: used + 1 };
  }
  const refused = { admitted: false, retryAt: retryAt ?? now, used } as const;
  return rate.attempts > quota.overrun ? { ...refused, overrun: { count: rate.attempts } } : refused;
}

/** How full the bucket is, in operations. */
export const smoothUsed = (rate: SmoothRate, quota: Quota, now: Instant): number =>
  Math.ceil((Math.max(0, rate.emptyAt - now) * quota.quota) / quota.periodMs);
