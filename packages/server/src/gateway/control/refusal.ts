/** A refused decision in the words of the table of errors: reason class, until when, next step, the decision's id (ADR 0025). */
import { type Problem, type ProblemParams, problem } from '@sallyport/core/model/problem.js';
import type { Decision } from '@sallyport/core/policy/decision.js';

type Why = Pick<Decision, 'code' | 'params' | 'retryAt'>;

/** Minutes are enough for a person; upwards, so that the minute named is not too early. */
export function instantWords(at: unknown): string {
  const ms = typeof at === 'number' ? Math.ceil(at / 60_000) * 60_000 : Number.NaN;
  return ms < FAR ? `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC` : '-';
}
const FAR = Date.UTC(9999, 0, 1);

export function refusalOf({ code, params, retryAt = 0 }: Why, decision: string, now: number): Problem {
  const common: ProblemParams = { decision };
  switch (code) {
    case 'user-blocked': {
      const told = params.source === 'automatic' ? 'access.blocked-automatically' : 'access.blocked';
      return problem(told, { ...common, until: instantWords(params.until) });
    }
    case 'resource-blocked':
      return problem('access.resource-blocked', { ...common, until: instantWords(params.until) });
    case 'user-unknown':
    case 'user-disabled':
      return problem('auth.inactive');
    case 'operation-frequency': {
      return problem('access.frequency', {
        ...common,
        quota: String(params.quota ?? '?'),
        period: String(Math.round(Number(params.periodMs ?? 0) / 1000)),
        seconds: String(Math.max(1, Math.ceil((retryAt - now) / 1000))),
      });
    }
    case 'no-grant':
    case 'grant-denied':
    case 'resource-unknown':
    case 'operation-unknown':
      return problem('access.no-right', common);
    default:
      return problem('access.refused', { ...common, reason: code });
  }
}
