/**
 * Answer: what a check says. `true` and `false` are short forms. Anything else, `undefined` above all, is malformed and so
 * a failure: a forgotten `return` must not let anybody in.
 */
import type { Instant } from './instant.js';
import { isSlug } from './key.js';
import type { Obligation } from './obligation.js';

export type Params = Readonly<Record<string, string | number>>;

export type Answer =
  | { readonly pass: true; readonly until?: Instant; readonly obligations?: readonly Obligation[] }
  | { readonly pass: false; readonly code: string; readonly params?: Params; readonly until?: Instant };

/** The check did not answer. Closed or open is the check's declaration, not the failure's. */
export interface Failure {
  readonly failed: 'threw' | 'timed-out' | 'memory' | 'malformed' | 'breaker-open' | 'condition' | 'store';
  /** Until when asking again is of no use: a breaker. */
  readonly until?: Instant;
}
export const isFailure = (value: object): value is Failure => 'failed' in value;

export const PASS: Answer = Object.freeze({ pass: true });
const MALFORMED: Failure = Object.freeze({ failed: 'malformed' });

/** Reads what foreign code gave back. */
export function readAnswer(raw: unknown): Answer | Failure {
  if (raw === true) return PASS;
  if (raw === false) return { pass: false, code: 'check-refused' };
  if (!isRecord(raw)) return MALFORMED;
  const { pass, until } = raw;
  if (until !== undefined && !isFiniteNumber(until)) return MALFORMED;
  const ends = until === undefined ? {} : { until };
  if (pass === true) {
    if (raw.obligations === undefined) return { pass, ...ends };
    const obligations = Array.isArray(raw.obligations) ? raw.obligations.map(readObligation) : [undefined];
    return obligations.every((one) => one !== undefined) ? { pass, ...ends, obligations } : MALFORMED;
  }
  if (pass !== false || typeof raw.code !== 'string' || !isSlug(raw.code)) return MALFORMED;
  if (raw.params === undefined) return { pass, code: raw.code, ...ends };
  return isParams(raw.params) ? { pass, code: raw.code, params: raw.params, ...ends } : MALFORMED;
}

function readObligation(raw: unknown): Obligation | undefined {
  if (!isRecord(raw)) return undefined;
  const { kind, maxAgeMs, by, text } = raw;
  if (kind === 'step-up' && isFiniteNumber(maxAgeMs) && maxAgeMs > 0) return { kind, maxAgeMs };
  if (kind === 'approval' && typeof by === 'string') return { kind, by };
  if (kind === 'notice' && typeof text === 'string') return { kind, text };
  return kind === 'record' ? { kind } : undefined;
}

const isRecord = (raw: unknown): raw is Readonly<Record<string, unknown>> =>
  typeof raw === 'object' && raw !== null && !Array.isArray(raw);
const isFiniteNumber = (raw: unknown): raw is number => typeof raw === 'number' && Number.isFinite(raw);
const isParams = (raw: unknown): raw is Params =>
  isRecord(raw) && Object.values(raw).every((value) => typeof value === 'string' || isFiniteNumber(value));
