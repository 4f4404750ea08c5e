/**
 * Quota: how many operations in a period. What is refused still counts, up to the overrun number; beyond it the user is
 * blocked (S66-S70). Among the quotas without operations the nearest answers: the user's own, else the roles', else
 * everyone's. Quotas for named operations come on top, each with a ring of its own; the tightest refuses.
 */
import type { Key } from './key.js';

export interface Quota {
  readonly id: string;
  readonly of: { readonly user: string } | { readonly role: string } | 'everyone';
  readonly operations?: readonly string[];
  readonly periodMs: number;
  readonly quota: number;
  readonly overrun: number;
  /** `exact`: a sliding log. `smooth`: GCRA for machines, which spreads the quota and may pass one more in a period. */
  readonly shape: 'exact' | 'smooth';
}

/** One ring: a quota for one user. */
export interface Meter {
  readonly key: Key;
  readonly quota: Quota;
}
export const meterOf = (quota: Quota, user: string): Meter => ({ key: `quota:${quota.id}:${user}`, quota });

/** Applies when nobody configured one: far above a person, below a runaway loop (S66). */
export const DEFAULT_QUOTA: Quota = {
  id: 'default',
  of: 'everyone',
  periodMs: 60_000,
  quota: 600,
  overrun: 3_000,
  shape: 'exact',
};
