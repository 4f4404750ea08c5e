/** Exemption: a dated release of a user or role from one check, by name. It always ends (S64). */
import type { Instant, Span } from './instant.js';

export interface Exemption extends Span {
  readonly id: string;
  readonly of: { readonly user: string } | { readonly role: string };
  /** `user:NAME` or `resource:NAME`. */
  readonly check: string;
  readonly until: Instant;
  readonly by: string;
  readonly reason: string;
}

export const DEFAULT_EXEMPTION_MS = 10 * 24 * 3_600_000; // S64

/** As for blocks: the one that ends last is named. */
export function exemptsLonger(a: Exemption, b: Exemption): boolean {
  const [aUntil, bUntil] = [a.until, b.until];
  return aUntil !== bUntil ? aUntil > bUntil : a.id < b.id;
}
