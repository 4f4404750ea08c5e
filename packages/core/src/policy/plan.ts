/**
 * Plan: what can matter to every subject of a kin, for one operation on every resource of a shape. Subjects with the same
 * roles are a kin, resources of the same type and groups a shape. What aims at one subject or one resource does not stand
 * in a plan; it hangs on that subject or resource, so changing it drops no plan.
 */
import type { Block } from './block.js';
import { type Check, checkKey, compareChecks } from './check.js';
import type { TraceStep } from './decision.js';
import type { Exemption } from './exemption.js';
import { compareGrants, type Grant } from './grant.js';
import type { Quota } from './quota.js';
import { noObjects, noSubjects } from './scope.js';

/** Whoever has the same roles. */
export interface Kin {
  readonly roles: readonly string[];
  blocks: readonly Block[];
  exemptions: readonly Exemption[];
  quotas: readonly Quota[];
  readonly plans: Map<Shape, Map<string, Plan>>;
}

/** Whatever has the same type and groups. */
export interface Shape {
  readonly type: string;
  readonly groups: readonly string[];
  blocks: readonly Block[];
}

/** A check with what is made once of it. */
export interface Step {
  readonly check: Check;
  readonly key: string;
  readonly passed: TraceStep;
}
export const stepOf = (check: Check): Step => ({ check, key: checkKey(check), passed: [check.name, 'pass'] });
export const compareSteps = (a: Step, b: Step): number => compareChecks(a.check, b.check);

export interface Plan {
  /** Of another type's operations: `operation-unknown`. */
  readonly declared: boolean;
  /** Implicit ones that hang on nobody, in the order in which they are tried. */
  readonly allows: readonly Grant[];
  readonly denies: readonly Grant[];
  readonly groupAllows: boolean;
  readonly userSteps: readonly Step[];
  readonly resourceSteps: readonly Step[];
}

/**
 * Things that can stand in plans, under the one thing each must have in common with a plan to do so: a role, or for those
 * that are about everybody a group or type, or nothing at all.
 */
export type Buckets<T> = Map<string, Set<T>>;

export function bucketsOfGrant({ to, on }: Grant): readonly string[] {
  if ('resource' in on || (to !== 'anyone' && 'user' in to)) return [];
  if (to !== 'anyone') return [`role:${to.role}`];
  return ['group' in on ? `group:${on.group}` : `type:${on.type}`];
}

export function bucketsOfCheck({ scope }: Check): readonly string[] {
  const objects = [
    ...(scope.groups ?? []).map((id) => `group:${id}`),
    ...(scope.types ?? []).map((id) => `type:${id}`),
  ];
  if (noSubjects(scope)) return noObjects(scope) ? ['*'] : objects;
  return noObjects(scope) || objects.length > 0 ? (scope.roles ?? []).map((role) => `role:${role}`) : [];
}

export function gather<T>(buckets: Buckets<T>, kin: Kin, shape: Shape): ReadonlySet<T> {
  const found = new Set<T>();
  const keys = [`type:${shape.type}`, '*', ...kin.roles.map((role) => `role:${role}`)];
  for (const key of [...keys, ...shape.groups.map((group) => `group:${group}`)]) {
    for (const item of buckets.get(key) ?? []) found.add(item);
  }
  return found;
}

export interface PlanFacts {
  readonly declared: boolean;
  readonly groupAllows: boolean;
  readonly frequency: Step;
  readonly resourceBlock: Step;
  readonly grants: Iterable<Grant>;
  readonly steps: Iterable<Step>;
}

export function makePlan(facts: PlanFacts, kin: Kin, shape: Shape, operation: string): Plan {
  const grants = [...facts.grants].filter((grant) => isWide(grant, kin, shape, operation)).sort(compareGrants);
  const steps = [...facts.steps].filter(({ check }) => standsIn(check, kin, shape, operation));
  const of = (half: Check['half']): Step[] => steps.filter(({ check }) => check.half === half);
  return {
    declared: facts.declared,
    allows: grants.filter((grant) => grant.effect === 'allow'),
    denies: grants.filter((grant) => grant.effect === 'deny'),
    groupAllows: facts.groupAllows,
    userSteps: [...of('user'), facts.frequency].sort(compareSteps),
    resourceSteps: [facts.resourceBlock, ...of('resource').sort(compareSteps)],
  };
}

function isWide({ to, on, operations, active }: Grant, kin: Kin, shape: Shape, operation: string): boolean {
  if (!active || (operations !== 'any' && !operations.includes(operation))) return false;
  if (to !== 'anyone' && !('role' in to && kin.roles.includes(to.role))) return false;
  return 'group' in on ? shape.groups.includes(on.group) : 'type' in on && on.type === shape.type;
}

/** Do kin and shape alone bring this check into scope? Both sides together: one that needs a name hangs on that name. */
export function standsIn({ scope }: Check, kin: Kin, shape: Shape, operation: string): boolean {
  return (
    (scope.operations === undefined || scope.operations.includes(operation)) &&
    (noSubjects(scope) || (scope.roles?.some((role) => kin.roles.includes(role)) ?? false)) &&
    (noObjects(scope) ||
      (scope.types?.includes(shape.type) ?? false) ||
      (scope.groups?.some((group) => shape.groups.includes(group)) ?? false))
  );
}

export function inBucket<T>(buckets: Buckets<T>, key: string, item: T, add: boolean): void {
  const bucket = buckets.get(key) ?? new Set();
  if (add) bucket.add(item);
  else bucket.delete(item);
  if (bucket.size > 0) buckets.set(key, bucket);
  else buckets.delete(key);
}
