/**
 * See: the only impure door of a decision. Counters, custom answers and what a person has proved are read through it and
 * nowhere else, so a recording of what it was asked is all that recomputing needs.
 *
 * Every method answers at once. What has to be waited for answers `Pending`: the decision is given up, the caller waits and
 * decides again with what is known by then. Nothing is charged before the end, so beginning again is free of effects; the
 * engine stays synchronous and never holds half a decision across a turn in which the book may change.
 */
import type { Answer, Failure } from './answer.js';
import type { Check } from './check.js';
import type { Instant } from './instant.js';
import type { Debt } from './obligation.js';
import type { Quota } from './quota.js';
import type { LoginRequest, Request } from './request.js';

export interface Pending {
  readonly pending: PromiseLike<unknown>;
}
export const isPending = (value: object): value is Pending => 'pending' in value;

export interface See {
  /** Looks at a ring and takes nothing: when a place is free again, or undefined while one is. */
  place(key: string, quota: Quota, now: Instant): Place | Failure | Pending;
  /** A plain number: logins of a day, what is live under a cap. */
  count(key: string, now: Instant): Count | Failure | Pending;
  /** Asks custom code. */
  answer(check: Check, request: Request | LoginRequest): Answer | Failure | Pending;
  /** Until when a debt counts as paid for this request; undefined while it is not. */
  paid(debt: Debt, request: Request, now: Instant): Paid | Pending;
}

export interface Place {
  readonly retryAt?: Instant;
  readonly used: number;
}
export interface Count {
  readonly count: number;
}
export interface Paid {
  readonly until?: Instant;
}
