/** Step 3 of the reference evaluator: what the grants say. */
import type { Situation } from './ask-check.js';
import { bindingsOf } from './bindings.js';
import type { Book } from './book.js';
import { askCondition } from './condition.js';
import { compareGrants, type Grant, isAimed, isExplicit } from './grant.js';
import { FOREVER, type Instant, isActive, nextEdge } from './instant.js';
import type { Resource } from './resource.js';

export interface Granted {
  readonly allowed: boolean;
  readonly code: string;
  /** The grant, or `default`. */
  readonly by: string;
  readonly until: Instant;
}

/** Explicit before implicit; one implicit allow is enough; then the defaults (X34-X36). */
export function grantFor(situation: Situation): Granted {
  const { book, subject, resource, request, now } = situation;
  const aimed = [...book.tables.grant.values()].filter((grant) => isAimed(grant, subject, request.operation, resource));
  aimed.sort(compareGrants);
  const explicit = aimed.filter(isExplicit);
  const implicit = aimed.filter((grant) => !isExplicit(grant));
  const hit = (grants: readonly Grant[], effect: Grant['effect']): Grant | undefined =>
    grants.find((grant) => grant.effect === effect && isActive(grant, now) && holds(grant, situation));
  let until = FOREVER;
  const lease = (grants: readonly Grant[]): void => {
    for (const grant of grants) until = Math.min(until, nextEdge(grant, now));
  };

  lease(explicit);
  const denied = hit(explicit, 'deny');
  if (denied !== undefined) return { allowed: false, code: 'grant-denied', by: denied.id, until };
  const direct = hit(explicit, 'allow');
  if (direct !== undefined) return { allowed: true, code: 'allowed', by: direct.id, until };
  const allowed = hit(implicit, 'allow');
  // One that has no end outlives whatever the others do.
  if (allowed === undefined || allowed.from !== undefined || allowed.until !== undefined) lease(implicit);
  if (allowed !== undefined) return { allowed: true, code: 'allowed', by: allowed.id, until };
  const refused = hit(implicit, 'deny');
  if (refused !== undefined) return { allowed: false, code: 'grant-denied', by: refused.id, until };
  const right = resource.default ?? groupDefault(book, resource);
  const allows = right === 'allow';
  return { allowed: allows, code: allows ? 'allowed' : 'no-grant', by: 'default', until };
}

/** A condition's error never gives: an allow does not hit, a deny does. */
function holds(grant: Grant, situation: Situation): boolean {
  if (grant.when === undefined) return true;
  const truth = askCondition(situation.book.language, grant.when, bindingsOf(situation));
  return truth === 'yes' || (truth === 'error' && grant.effect === 'deny');
}

const groupDefault = (book: Book, resource: Resource): 'allow' | undefined =>
  resource.groups.some((group) => book.tables.group.get(group)?.default === 'allow') ? 'allow' : undefined;
