/**
 * The planned evaluator: the same decisions as the reference, at the cost of what can matter. Nothing in it is policy; what
 * differs from the reference is a bug, and a law looks for it with a million random books.
 *
 * It owns an index of the book and follows its changes; a decision is one synchronous pass over plan, subject and resource.
 */
import { type Answer, type Failure, isFailure, PASS } from './answer.js';
import { askCheck, askMeters, type Situation } from './ask-check.js';
import type { Book, Change } from './book.js';
import type { Check } from './check.js';
import {
  blocked,
  type Course,
  codeOfDebt,
  conclude,
  isExempt,
  loginsLeft,
  metersOf,
  NO_PARAMS,
  newCourse,
  note,
  type Refusal,
  weigh,
  weighAtDoor,
} from './course.js';
import type { Decision, Objection, Review } from './decision.js';
import { CLOSE } from './effect.js';
import { createFactIndex, type FactIndex } from './fact-index.js';
import type { ResourceNode, SubjectNode } from './fact-node.js';
import type { Instant } from './instant.js';
import { type Debt, isDebt } from './obligation.js';
import { compareSteps, type Kin, type Plan, type Shape, type Step, standsIn } from './plan.js';
import { plannedGrant } from './planned-grants.js';
import type { Meter } from './quota.js';
import type { LoginRequest, Request } from './request.js';
import { inScope } from './scope.js';
import { isPending, type Pending, type See } from './see.js';

export interface Evaluator {
  decide(request: Request, see: See, now: Instant, traced?: boolean): Decision | Pending;
  decideLogin(request: LoginRequest, see: See, now: Instant): Decision | Pending;
  decideAccess(request: LoginRequest, see: See, now: Instant): Decision | Pending;
  review(request: Request, see: See, now: Instant): Review | Pending;
  apply(change: Change): void;
  /** As it is now: it changes with what is applied. */
  book(): Book;
  plans(): number;
}

/** What the checks of one decision have in common. */
interface Around {
  readonly situation: Situation;
  readonly plan: Plan;
  readonly kin: Kin;
  readonly shape: Shape;
  readonly node: SubjectNode;
  readonly target: ResourceNode;
  readonly meters: readonly Meter[];
}
const NOTHING: readonly never[] = Object.freeze([]);
const RESOURCE_UNKNOWN: Refusal = { code: 'resource-unknown', by: 'resource', params: NO_PARAMS };
const OPERATION_UNKNOWN: Refusal = { code: 'operation-unknown', by: 'resource', params: NO_PARAMS };

export function createEvaluator(source: Book, mostPlans?: number): Evaluator {
  const index = createFactIndex(source, mostPlans);

  function decide(request: Request, see: See, now: Instant, traced = true): Decision | Pending {
    const course = newCourse(now, traced);
    const book = index.book();
    const node = index.subject(request.user);
    const subject = node?.subject;
    if (!enter(index, node, request, see, course) || node === undefined || subject === undefined) {
      return course.waiting ?? conclude(book, course, 'operation', 'none', NOTHING);
    }
    const kin = index.kinOf(node, subject);
    const meters = metersOf(index, node, kin, request.operation, now);
    const target = index.resource(request.resource);
    const resource = target?.resource;
    if (target === undefined || resource === undefined) {
      course.refusal = RESOURCE_UNKNOWN;
      return conclude(book, course, 'operation', 'attempt', meters);
    }
    const shape = index.shapeOf(target, resource);
    const plan = index.planFor(node, kin, shape, request.operation);
    if (!plan.declared) {
      course.refusal = OPERATION_UNKNOWN;
      return conclude(book, course, 'operation', 'attempt', meters);
    }
    const situation: Situation = { book, subject, resource, request, see, now };
    const granted = plannedGrant(situation, plan, node, target);
    if (granted.until < course.until) course.until = granted.until;
    course.trace?.push(['grants', granted.allowed ? 'pass' : 'deny', granted.by]);
    if (!granted.allowed) {
      course.refusal = { code: granted.code, by: granted.by, params: NO_PARAMS };
      return conclude(book, course, 'operation', 'attempt', meters);
    }
    const around: Around = { situation, plan, kin, shape, node, target, meters };
    for (const half of ['user', 'resource'] as const) {
      for (const step of stepsFor(half, around)) {
        if (take(step, around, course)) continue;
        const free = step.key === 'resource:resource-block'; // W36
        return course.waiting ?? conclude(book, course, 'operation', free ? 'none' : 'attempt', meters);
      }
    }
    if (course.owed !== undefined) return conclude(book, course, 'operation', 'attempt', meters);
    return conclude(book, course, 'operation', 'admit', meters, granted.by);
  }

  function decideLogin(request: LoginRequest, see: See, now: Instant): Decision | Pending {
    const course = newCourse(now, true);
    const node = index.subject(request.user);
    if (enter(index, node, request, see, course) && node?.subject !== undefined) {
      const step = index.builtIn('login-frequency');
      const kin = index.kinOf(node, node.subject);
      if (!isExempt(step, node, kin, course)) {
        const custom = step.check.does.kind === 'custom';
        const said = custom ? see.answer(step.check, request) : loginsLeft(index.book(), node.subject, see, now);
        weighAtDoor(step, said, course);
      }
    }
    return course.waiting ?? conclude(index.book(), course, 'login', 'admit', NOTHING);
  }

  function decideAccess(request: LoginRequest, see: See, now: Instant): Decision | Pending {
    const course = newCourse(now, true);
    enter(index, index.subject(request.user), request, see, course);
    return course.waiting ?? conclude(index.book(), course, 'access', 'none', NOTHING);
  }

  function review(request: Request, see: See, now: Instant): Review | Pending {
    const course = newCourse(now, false);
    const objections: Objection[] = [];
    const object = (effect: Check['live'], why: Refusal): void => {
      course.refusal = undefined;
      if (effect.do !== 'new-only') objections.push({ check: why.by, code: why.code, params: why.params, effect });
    };
    const book = index.book();
    const done = (): Review => ({ at: now, version: book.version, until: course.until, objections });
    const node = index.subject(request.user);
    enter(index, node, request, see, course);
    if (course.waiting !== undefined) return course.waiting;
    if (course.refusal !== undefined) object(CLOSE, course.refusal);
    const subject = node?.subject;
    if (node === undefined || subject === undefined) return done();
    const target = index.resource(request.resource);
    const resource = target?.resource;
    const type = resource === undefined ? undefined : book.tables.type.get(resource.type);
    if (target === undefined || resource === undefined || type === undefined) {
      object(CLOSE, RESOURCE_UNKNOWN);
      return done();
    }
    const kin = index.kinOf(node, subject);
    const shape = index.shapeOf(target, resource);
    const plan = index.planFor(node, kin, shape, request.operation);
    if (!plan.declared) object(CLOSE, OPERATION_UNKNOWN);
    const situation: Situation = { book, subject, resource, request, see, now };
    const granted = plannedGrant(situation, plan, node, target);
    if (granted.until < course.until) course.until = granted.until;
    if (!granted.allowed) object(type.onRevoke, { code: granted.code, by: 'grants', params: NO_PARAMS });
    const around: Around = { situation, plan, kin, shape, node, target, meters: NOTHING };
    for (const half of ['user', 'resource'] as const) {
      for (const step of stepsFor(half, around)) {
        const { check } = step;
        if (check.live.do === 'new-only' || check.shadow) continue;
        const passed = take(step, around, course);
        if (course.waiting !== undefined) return course.waiting;
        if (!passed && course.refusal !== undefined) object(check.live, course.refusal);
        const debt = course.owed?.[0];
        course.owed = undefined;
        if (debt !== undefined) object(check.live, { code: codeOfDebt(debt), by: check.name, params: NO_PARAMS });
      }
    }
    return done();
  }

  return {
    decide,
    decideLogin,
    decideAccess,
    review,
    apply: index.apply,
    book: index.book,
    plans: index.plans,
  };
}

/** Steps 0 and 1: known, active, not blocked. False when it ends here. */
function enter(
  index: FactIndex,
  node: SubjectNode | undefined,
  request: Request | LoginRequest,
  see: See,
  course: Course,
): boolean {
  const subject = node?.subject;
  if (node === undefined || subject === undefined) {
    course.refusal = { code: 'user-unknown', by: 'user', params: NO_PARAMS };
    return false;
  }
  if (!subject.active) {
    course.refusal = { code: 'user-disabled', by: 'user', params: NO_PARAMS };
    return false;
  }
  const step = index.builtIn('user-block');
  if (step.check.does.kind === 'custom') return weighAtDoor(step, see.answer(step.check, request), course);
  const said = blocked(node.blocks, index.kinOf(node, subject).blocks, 'user-blocked', course);
  return said === PASS ? note(course, step.passed) : weigh(step, said, course);
}

/** The plan's checks, and in their places those that hang on the subject or the resource and are not in it. */
function stepsFor(half: Check['half'], { situation, plan, kin, shape, node, target }: Around): readonly Step[] {
  const planned = half === 'user' ? plan.userSteps : plan.resourceSteps;
  if (node.steps.length === 0 && target.steps.length === 0) return planned;
  const { subject, resource, request } = situation;
  const hanging = new Set([...node.steps, ...target.steps]);
  const more = [...hanging].filter(
    ({ check }) =>
      check.half === half &&
      inScope(check.scope, subject, request.operation, resource) &&
      !standsIn(check, kin, shape, request.operation),
  );
  if (more.length === 0) return planned;
  const first = half === 'user' ? 0 : 1; // the resource block stands first whatever it costs
  return [...planned.slice(0, first), ...[...planned.slice(first), ...more].sort(compareSteps)];
}

/** One check, in place. False when the decision ends with it: refused, or waiting for an answer. */
function take(step: Step, around: Around, course: Course): boolean {
  const { check } = step;
  const { situation, kin, node } = around;
  if (check.exemptable && isExempt(step, node, kin, course)) return true;
  const said = ask(step, around, course);
  if (said === PASS) return note(course, step.passed);
  if (isPending(said)) return waits(said, check, course);
  let owed: readonly Debt[] = NOTHING;
  if (!isFailure(said) && said.pass && said.obligations !== undefined) {
    for (const debt of said.obligations.filter(isDebt)) {
      const paid = situation.see.paid(debt, situation.request, course.now);
      if (isPending(paid)) return waits(paid, check, course);
      if (paid.until === undefined || paid.until <= course.now) owed = [...owed, debt];
      else if (!check.shadow && paid.until < course.until) course.until = paid.until;
    }
  }
  if (!check.shadow) return weigh(step, said, course, owed);
  const refuses = isFailure(said) || !said.pass;
  return note(course, [check.name, refuses ? 'would-deny' : owed.length > 0 ? 'would-hold' : 'pass']);
}

function ask(
  { check }: Step,
  { situation, meters, target, shape }: Around,
  course: Course,
): Answer | Failure | Pending {
  if (check.does.kind !== 'built-in') return askCheck(check, situation);
  if (check.name === 'operation-frequency') return askMeters(meters, situation.see, course.now);
  return blocked(target.blocks, shape.blocks, 'resource-blocked', course);
}

/** A shadow is not waited for. */
function waits(pending: Pending, check: Check, course: Course): boolean {
  if (!check.shadow) course.waiting = pending;
  return check.shadow;
}
