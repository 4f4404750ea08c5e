/** Course: what one planned decision gathers on its way, and what it comes to. */
import { type Answer, type Failure, isFailure, PASS, type Params } from './answer.js';
import { type Block, outlasts } from './block.js';
import { type Book, loginKey, loginLimit } from './book.js';
import type { Decision, TraceStep } from './decision.js';
import { type Exemption, exemptsLonger } from './exemption.js';
import type { FactIndex } from './fact-index.js';
import type { SubjectNode } from './fact-node.js';
import { FOREVER, type Instant, isActive, nextEdge } from './instant.js';
import { type Debt, isDebt, type Obligation } from './obligation.js';
import type { Kin, Step } from './plan.js';
import type { Meter } from './quota.js';
import { isPending, type Pending, type See } from './see.js';
import type { Subject } from './subject.js';
import { dateIn, endOfDay } from './wall-clock.js';

/** `refusal` is set by the step that refuses, `waiting` by one that cannot answer yet. */
export interface Course {
  readonly now: Instant;
  readonly trace: TraceStep[] | undefined;
  until: Instant;
  refusal: Refusal | undefined;
  waiting: Pending | undefined;
  owed: Obligation[] | undefined;
  owedBy: string;
  beside: Obligation[] | undefined;
}
export interface Refusal {
  readonly code: string;
  readonly by: string;
  readonly params: Params;
  readonly retryAt?: Instant;
}
export const NO_PARAMS: Params = Object.freeze({});
export const newCourse = (now: Instant, traced: boolean): Course => ({
  now,
  trace: traced ? [] : undefined,
  until: FOREVER,
  refusal: undefined,
  waiting: undefined,
  owed: undefined,
  owedBy: '',
  beside: undefined,
});

export const codeOfDebt = (debt: Obligation): string =>
  debt.kind === 'step-up' ? 'step-up-needed' : 'approval-needed';

/** Always true, so that a passed step can end with it. */
export function note(course: Course, step: TraceStep): true {
  course.trace?.push(step);
  return true;
}

/** Writes down what a check said. False when it refuses. */
export function weigh(step: Step, said: Answer | Failure, course: Course, owed: readonly Debt[] = NO_DEBTS): boolean {
  const { name, failure } = step.check;
  if (said.until !== undefined && said.until < course.until) course.until = said.until;
  if (isFailure(said)) {
    if (failure === 'open') return note(course, [name, 'failed-open']);
    course.refusal = { code: 'check-failed', by: name, params: { check: name, why: said.failed } };
  } else if (!said.pass) {
    const frequency = name === 'operation-frequency' || name === 'login-frequency';
    const refusal = { code: said.code, by: name, params: said.params ?? NO_PARAMS };
    course.refusal = frequency && said.until !== undefined ? { ...refusal, retryAt: said.until } : refusal;
  } else {
    const beside = said.obligations?.filter((obligation) => !isDebt(obligation)) ?? [];
    if (beside.length > 0) course.beside = [...(course.beside ?? []), ...beside];
    if (owed.length === 0) return note(course, step.passed);
    if (course.owed === undefined) course.owedBy = name;
    course.owed = [...(course.owed ?? []), ...owed];
    return note(course, [name, 'hold']);
  }
  course.trace?.push([name, 'deny']);
  return false;
}
const NO_DEBTS: readonly Debt[] = Object.freeze([]);

/** At a door nothing can be owed: there is no operation that could wait for it. */
export function weighAtDoor(step: Step, said: Answer | Failure | Pending, course: Course): boolean {
  if (isPending(said)) {
    course.waiting = said;
    return false;
  }
  const owes = !isFailure(said) && said.pass && said.obligations?.some(isDebt) === true;
  return weigh(step, owes ? { failed: 'malformed' } : said, course);
}

/** Two lists, mostly empty: what is blocked itself, and what it belongs to. */
export function blocked(own: readonly Block[], shared: readonly Block[], code: string, course: Course): Answer {
  if (own.length === 0 && shared.length === 0) return PASS;
  let longest: Block | undefined;
  for (const blocks of [own, shared]) {
    for (const block of blocks) {
      lease(course, nextEdge(block, course.now));
      if (isActive(block, course.now) && (longest === undefined || outlasts(block, longest))) longest = block;
    }
  }
  if (longest === undefined) return PASS;
  const { id, until = FOREVER, source } = longest;
  return { pass: false, code, params: { block: id, until, source } };
}

export function isExempt({ check, key }: Step, node: SubjectNode, kin: Kin, course: Course): boolean {
  if (!check.exemptable || (node.exemptions.length === 0 && kin.exemptions.length === 0)) return false;
  let longest: Exemption | undefined;
  for (const exemptions of [node.exemptions, kin.exemptions]) {
    for (const exemption of exemptions) {
      if (exemption.check !== key) continue;
      if (!check.shadow) lease(course, nextEdge(exemption, course.now));
      if (isActive(exemption, course.now) && (longest === undefined || exemptsLonger(exemption, longest)))
        longest = exemption;
    }
  }
  return longest === undefined ? false : note(course, [check.name, 'exempt', longest.id]);
}

/** None while the user is exempt or the check is another one: nothing is counted then (S64). */
export function metersOf(
  index: FactIndex,
  node: SubjectNode,
  kin: Kin,
  operation: string,
  now: Instant,
): readonly Meter[] {
  const { check, key } = index.builtIn('operation-frequency');
  if (check.does.kind === 'custom') return NO_METERS;
  const releases = (one: Exemption): boolean => one.check === key && isActive(one, now);
  if (node.exemptions.some(releases) || kin.exemptions.some(releases)) return NO_METERS;
  return index.metersFor(node, kin, operation);
}
const NO_METERS: readonly Meter[] = Object.freeze([]);

export function loginsLeft(book: Book, subject: Subject, see: See, now: Instant): Answer | Failure | Pending {
  const { zone } = book.settings;
  const seen = see.count(loginKey(subject.id, dateIn(zone, now)), now);
  if (isPending(seen) || isFailure(seen)) return seen;
  const limit = loginLimit(book, subject);
  if (seen.count < limit) return PASS;
  return { pass: false, code: 'login-frequency', params: { limit, used: seen.count }, until: endOfDay(zone, now) };
}

/** `charge` is what follows a refusal or an admission, as the caller knows which it is; refused at a door charges nothing. */
export function conclude(
  book: Book,
  course: Course,
  checkpoint: Decision['checkpoint'],
  charge: Decision['charge'],
  meters: readonly Meter[],
  grant = '',
): Decision {
  const { refusal, owed } = course;
  const outcome = refusal !== undefined ? 'deny' : owed !== undefined ? 'hold' : 'allow';
  const free = charge === 'none' || (outcome === 'deny' && checkpoint !== 'operation');
  const debt = owed?.[0];
  const decision: Decision = {
    at: course.now,
    version: book.version,
    checkpoint,
    outcome,
    code: refusal?.code ?? (debt === undefined ? 'allowed' : codeOfDebt(debt)),
    params: refusal?.params ?? NO_PARAMS,
    by: refusal?.by ?? (debt === undefined ? grant : course.owedBy),
    until: course.until,
    obligations: (outcome === 'hold' ? owed : outcome === 'allow' ? course.beside : undefined) ?? NO_DEBTS,
    charge: free ? 'none' : charge,
    meters: free ? NO_METERS : meters,
    trace: course.trace ?? NO_TRACE,
  };
  return refusal?.retryAt === undefined ? decision : { ...decision, retryAt: refusal.retryAt };
}
const NO_TRACE: readonly TraceStep[] = Object.freeze([]);

function lease(course: Course, until: Instant): void {
  if (until < course.until) course.until = until;
}
