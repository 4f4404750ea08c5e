/**
 * Decision: the answer, the reason and how long both hold. `until` is the first instant at which time alone could change
 * anything in it: a lease. Who runs on a decision decides again then, and when a change touches what it was decided by.
 */
import type { Params } from './answer.js';
import type { Effect } from './effect.js';
import type { Instant } from './instant.js';
import type { Obligation } from './obligation.js';
import type { Meter } from './quota.js';

export type Outcome = 'allow' | 'deny' | 'hold';
export type TraceResult = 'pass' | 'deny' | 'hold' | 'exempt' | 'failed-open' | 'would-deny' | 'would-hold';
/** Check, what it said, and the grant, block or exemption by which. */
export type TraceStep = readonly [check: string, result: TraceResult, by?: string];

export interface Decision {
  readonly at: Instant;
  /** Of the book. */
  readonly version: number;
  readonly checkpoint: 'login' | 'access' | 'operation';
  readonly outcome: Outcome;
  /** `allowed`, or why not. */
  readonly code: string;
  readonly params: Params;
  /** The check that decided; of an allowed operation the grant. */
  readonly by: string;
  readonly until: Instant;
  readonly retryAt?: Instant;
  /** Of a hold, what is owed; of an allow, what is carried out beside it. */
  readonly obligations: readonly Obligation[];
  /** What the meters are to be told: a place taken, an attempt that was refused, nothing. */
  readonly charge: 'admit' | 'attempt' | 'none';
  readonly meters: readonly Meter[];
  readonly trace: readonly TraceStep[];
}

/** What speaks against something live, as decided again. */
export interface Objection {
  readonly check: string;
  readonly code: string;
  readonly params: Params;
  readonly effect: Exclude<Effect, { do: 'new-only' }>;
}
export interface Review {
  readonly at: Instant;
  readonly version: number;
  readonly until: Instant;
  readonly objections: readonly Objection[];
}
