/** Step 3 of the planned evaluator: the grants of the plan, with those that hang on the subject and on the resource. */
import type { Situation } from './ask-check.js';
import { bindingsOf } from './bindings.js';
import { askCondition } from './condition.js';
import type { ResourceNode, SubjectNode } from './fact-node.js';
import { compareGrants, type Grant, isAimed } from './grant.js';
import { FOREVER, type Instant, isActive, nextEdge } from './instant.js';
import type { Plan } from './plan.js';
import type { Granted } from './reference-grants.js';

export function plannedGrant(situation: Situation, plan: Plan, user: SubjectNode, target: ResourceNode): Granted {
  const { subject, resource, request, now } = situation;
  const direct = user.explicit?.get(resource.key);
  let until = FOREVER;
  if (direct !== undefined) {
    const aimed = direct.filter((grant) => isAimed(grant, subject, request.operation, resource)).sort(compareGrants);
    until = earliest(aimed, now, until);
    const denied = firstHit(aimed, 'deny', situation);
    if (denied !== undefined) return { allowed: false, code: 'grant-denied', by: denied.id, until };
    const allowed = firstHit(aimed, 'allow', situation);
    if (allowed !== undefined) return { allowed: true, code: 'allowed', by: allowed.id, until };
  }
  let { allows, denies } = plan;
  if (user.grants.length > 0 || target.grants.length > 0) {
    const hanging = [...user.grants, ...target.grants].filter((one) =>
      isAimed(one, subject, request.operation, resource),
    );
    if (hanging.length > 0) {
      allows = [...allows, ...hanging.filter((one) => one.effect === 'allow')].sort(compareGrants);
      denies = [...denies, ...hanging.filter((one) => one.effect === 'deny')].sort(compareGrants);
    }
  }
  const allowed = firstHit(allows, 'allow', situation);
  if (allowed !== undefined && allowed.from === undefined && allowed.until === undefined) {
    return { allowed: true, code: 'allowed', by: allowed.id, until };
  }
  until = earliest(denies, now, earliest(allows, now, until));
  if (allowed !== undefined) return { allowed: true, code: 'allowed', by: allowed.id, until };
  const refused = firstHit(denies, 'deny', situation);
  if (refused !== undefined) return { allowed: false, code: 'grant-denied', by: refused.id, until };
  const byDefault = resource.default === undefined ? plan.groupAllows : resource.default === 'allow';
  return { allowed: byDefault, code: byDefault ? 'allowed' : 'no-grant', by: 'default', until };
}

/** In the order they stand in, which is the documented one. */
function firstHit(grants: readonly Grant[], effect: Grant['effect'], situation: Situation): Grant | undefined {
  for (const grant of grants) {
    if (grant.effect !== effect || !isActive(grant, situation.now)) continue;
    if (grant.when === undefined) return grant;
    const truth = askCondition(situation.book.language, grant.when, bindingsOf(situation));
    if (truth === 'yes' || (truth === 'error' && effect === 'deny')) return grant;
  }
  return undefined;
}

function earliest(grants: readonly Grant[], now: Instant, known: Instant): Instant {
  let until = known;
  for (const grant of grants) {
    const edge = nextEdge(grant, now);
    if (edge < until) until = edge;
  }
  return until;
}
