/**
 * What one check says of one request: rules are answered here from their data, custom code through `See`. Which checks are
 * asked, and in what order, is the evaluator's.
 */
import { matchesAny } from './address-range.js';
import { type Answer, type Failure, isFailure, PASS, type Params } from './answer.js';
import { bindingsOf } from './bindings.js';
import type { Book } from './book.js';
import { type Check, checkKey, type Demand } from './check.js';
import { askCondition } from './condition.js';
import type { Instant } from './instant.js';
import type { Meter } from './quota.js';
import type { Request } from './request.js';
import type { Resource } from './resource.js';
import { isPending, type Pending, type See } from './see.js';
import type { Subject } from './subject.js';
import { windowState } from './time-window.js';

/** All that a check may look at. */
export interface Situation {
  readonly book: Book;
  readonly subject: Subject;
  readonly resource: Resource;
  readonly request: Request;
  readonly see: See;
  readonly now: Instant;
}

export function askCheck(check: Check, situation: Situation): Answer | Failure | Pending {
  const { book, request, see, now } = situation;
  const { does } = check;
  switch (does.kind) {
    case 'built-in':
      return PASS; // answered by the evaluator itself
    case 'custom':
      return see.answer(check, request);
    case 'window': {
      const { open, until } = windowState(does.window, now);
      return open ? { pass: true, until } : applied(does.demand, 'outside-window', {}, until);
    }
    case 'source': {
      const known = request.address !== undefined && matchesAny(does.addresses, request.address);
      return known ? PASS : applied(does.demand, 'source-refused', {});
    }
    case 'cap': {
      const seen = see.count(capKey(check, request), now);
      if (isPending(seen) || isFailure(seen)) return seen;
      return seen.count < does.atMost ? PASS : applied(does.demand, 'cap-reached', { atMost: does.atMost });
    }
    case 'when': {
      const truth = does.when === undefined ? 'yes' : askCondition(book.language, does.when, bindingsOf(situation));
      if (truth === 'error') return { failed: 'condition' };
      return truth === 'no' ? PASS : applied(does.demand, 'rule-applies', {});
    }
  }
}

function applied(demand: Demand, code: string, params: Params, until?: Instant): Answer {
  const ends = until === undefined ? {} : { until };
  return demand.kind === 'deny'
    ? { pass: false, code, params, ...ends }
    : { pass: true, obligations: [demand], ...ends };
}

/** What is counted under a cap; a shadow's numbers are its own. */
function capKey(check: Check, request: Request): string {
  const of = check.does.kind === 'cap' ? check.does.of : 'everything';
  const whose = of === 'user' ? `user:${request.user}` : of === 'resource' ? request.resource : '*';
  return `${check.shadow ? 'shadow-' : ''}cap:${checkKey(check)}:${whose}`;
}

/** Operation frequency, looked at and not taken: refused by the quota that is full for longest. */
export function askMeters(meters: readonly Meter[], see: See, now: Instant): Answer | Failure | Pending {
  let refusal: Answer | undefined;
  let latest = now;
  for (const { key, quota } of meters) {
    const place = see.place(key, quota, now);
    if (isPending(place) || isFailure(place)) return place;
    if (place.retryAt === undefined || place.retryAt <= latest) continue;
    latest = place.retryAt;
    const params = { quota: quota.quota, periodMs: quota.periodMs, used: place.used, id: quota.id };
    refusal = { pass: false, code: 'operation-frequency', params, until: place.retryAt };
  }
  return refusal ?? PASS;
}
