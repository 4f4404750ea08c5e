/** The parts of the reference evaluator: what each step finds, and what it writes into the draft. */
import { type Answer, type Failure, isFailure, PASS, type Params } from './answer.js';
import { askCheck, askMeters, type Situation } from './ask-check.js';
import { type Block, outlasts } from './block.js';
import { type Book, loginKey, loginLimit } from './book.js';
import { BUILT_INS, type BuiltInName, type Check, checkKey, compareChecks, installed, isBuiltInName } from './check.js';
import type { Decision, TraceResult, TraceStep } from './decision.js';
import { type Exemption, exemptsLonger } from './exemption.js';
import { FOREVER, type Instant, isActive, nextEdge } from './instant.js';
import { isDebt, type Obligation } from './obligation.js';
import { type Meter, meterOf, type Quota } from './quota.js';
import type { LoginRequest, Request } from './request.js';
import { inScope } from './scope.js';
import { isPending, type Pending, type See } from './see.js';
import type { Subject } from './subject.js';
import { dateIn, endOfDay } from './wall-clock.js';

/** What a decision gathers on its way. */
export interface Draft {
  until: Instant;
  readonly trace: TraceStep[];
  readonly owed: Obligation[];
  readonly beside: Obligation[];
  meters: readonly Meter[];
}
export const newDraft = (): Draft => ({ until: FOREVER, trace: [], owed: [], beside: [], meters: [] });
export type Refusal = Pick<Decision, 'code' | 'by'> & { readonly params?: Params; readonly retryAt?: Instant };
export type Passed = 'passed';

/** Steps 0 and 1: known, active and not blocked. */
export function admit(
  book: Book,
  subject: Subject | undefined,
  request: Request | LoginRequest,
  see: See,
  now: Instant,
  draft: Draft,
): Refusal | Pending | Passed {
  if (subject === undefined) return { code: 'user-unknown', by: 'user' };
  if (!subject.active) return { code: 'user-disabled', by: 'user' };
  const check = builtIn(book, 'user-block');
  const aimed = ({ on }: Block): boolean =>
    ('user' in on && on.user === subject.id) || ('role' in on && subject.roles.includes(on.role));
  const said =
    check.does.kind === 'custom'
      ? owingNothing(see.answer(check, request))
      : blocked(book, aimed, 'user-blocked', now, draft);
  return isPending(said) ? said : (weigh(check, said, draft) ?? 'passed');
}

function blocked(book: Book, aimed: (block: Block) => boolean, code: string, now: Instant, draft: Draft): Answer {
  const blocks = [...book.tables.block.values()].filter((block) => block.lifted === undefined && aimed(block));
  for (const block of blocks) draft.until = Math.min(draft.until, nextEdge(block, now));
  const [longest] = blocks.filter((block) => isActive(block, now)).sort((a, b) => (outlasts(a, b) ? -1 : 1));
  if (longest === undefined) return { pass: true };
  return { pass: false, code, params: { block: longest.id, until: longest.until ?? FOREVER, source: longest.source } };
}

/** Every check that is about this request, in the documented order; the resource block first of its half. */
export function checksFor({ book, subject, resource, request }: Situation, half: Check['half']): readonly Check[] {
  const added = [...book.tables.check.values()].filter(
    (check) =>
      check.half === half &&
      !isBuiltInName(check.name) &&
      inScope(check.scope, subject, request.operation, resource) &&
      !(check.shadow && check.cost === 'remote'), // asked after the answer, by who gives it
  );
  if (half === 'user') return [...added, builtIn(book, 'operation-frequency')].sort(compareChecks); // S76
  return [builtIn(book, 'resource-block'), ...added.sort(compareChecks)];
}

export function run(check: Check, situation: Situation, draft: Draft): Refusal | Passed | Pending {
  const { book, subject, resource, request, see, now } = situation;
  if (exempted(book, subject, check, now, draft)) return 'passed';
  const ask = (): Answer | Failure | Pending => {
    if (check.does.kind !== 'built-in') return askCheck(check, situation);
    if (check.name === 'operation-frequency') return askMeters(draft.meters, see, now);
    const aimed = ({ on }: Block): boolean =>
      ('resource' in on && on.resource === resource.key) || ('group' in on && resource.groups.includes(on.group));
    return blocked(book, aimed, 'resource-blocked', now, draft);
  };
  const said = ask();
  if (isPending(said)) return check.shadow ? 'passed' : said;
  const debts = isFailure(said) || !said.pass ? [] : (said.obligations ?? []).filter(isDebt);
  const owed: Obligation[] = [];
  for (const debt of debts) {
    const paid = see.paid(debt, request, now);
    if (isPending(paid)) return check.shadow ? 'passed' : paid;
    if (paid.until === undefined || paid.until <= now) owed.push(debt);
    else if (!check.shadow) draft.until = Math.min(draft.until, paid.until);
  }
  if (!check.shadow) return weigh(check, said, draft, owed) ?? 'passed';
  const refuses = isFailure(said) || !said.pass;
  draft.trace.push([check.name, refuses ? 'would-deny' : owed.length > 0 ? 'would-hold' : 'pass']);
  return 'passed';
}

/** Writes down what a check said, and what follows. */
export function weigh(
  check: Check,
  said: Answer | Failure,
  draft: Draft,
  owed: readonly Obligation[] = [],
): Refusal | undefined {
  draft.until = Math.min(draft.until, said.until ?? FOREVER);
  const note = (result: TraceResult): void => void draft.trace.push([check.name, result]);
  if (isFailure(said)) {
    note(check.failure === 'open' ? 'failed-open' : 'deny');
    if (check.failure === 'open') return undefined;
    return { code: 'check-failed', by: check.name, params: { check: check.name, why: said.failed } };
  }
  if (said.pass) {
    draft.owed.push(...owed);
    draft.beside.push(...(said.obligations ?? []).filter((obligation) => !isDebt(obligation)));
    note(owed.length > 0 ? 'hold' : 'pass');
    return undefined;
  }
  note('deny');
  const again = check.name.endsWith('-frequency') && said.until !== undefined ? { retryAt: said.until } : {};
  return { code: said.code, by: check.name, params: said.params ?? {}, ...again };
}

/** At a door nothing can be owed: there is no operation that could wait for it. */
export function owingNothing(said: Answer | Failure | Pending): Answer | Failure | Pending {
  if (isPending(said) || isFailure(said) || !said.pass) return said;
  return said.obligations?.some(isDebt) ? { failed: 'malformed' } : said;
}

export function exempted(book: Book, subject: Subject, check: Check, now: Instant, draft: Draft): boolean {
  const exemptions = exemptionsOf(book, subject, check);
  if (!check.shadow) for (const exemption of exemptions) draft.until = Math.min(draft.until, nextEdge(exemption, now));
  const [longest] = exemptions.filter((one) => isActive(one, now)).sort((a, b) => (exemptsLonger(a, b) ? -1 : 1));
  if (longest === undefined) return false;
  draft.trace.push([check.name, 'exempt', longest.id]);
  return true;
}

const exemptionsOf = (book: Book, subject: Subject, check: Check): readonly Exemption[] =>
  [...book.tables.exemption.values()].filter(
    ({ of, check: key }) =>
      check.exemptable &&
      key === checkKey(check) &&
      ('user' in of ? of.user === subject.id : subject.roles.includes(of.role)),
  );

/** The rings an operation is counted in; none while exempt, so on the day that ends the user begins at nothing (S64). */
export function metersOf(book: Book, subject: Subject, operation: string, now: Instant): readonly Meter[] {
  const check = builtIn(book, 'operation-frequency');
  if (check.does.kind === 'custom') return [];
  if (exemptionsOf(book, subject, check).some((exemption) => isActive(exemption, now))) return [];
  const all = [...book.tables.quota.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  const about = ({ of }: Quota): number =>
    of === 'everyone' ? 1 : 'role' in of ? (subject.roles.includes(of.role) ? 2 : 0) : of.user === subject.id ? 3 : 0;
  const general = all.filter((quota) => quota.operations === undefined);
  const nearest = Math.max(...general.map(about), 0);
  const chosen = nearest === 0 ? [book.settings.quota] : general.filter((quota) => about(quota) === nearest);
  const special = all.filter((quota) => quota.operations?.includes(operation) && about(quota) > 0);
  return [...chosen, ...special].map((quota) => meterOf(quota, subject.id));
}

export function loginsLeft(book: Book, subject: Subject, see: See, now: Instant): Answer | Failure | Pending {
  const { zone } = book.settings;
  const seen = see.count(loginKey(subject.id, dateIn(zone, now)), now);
  if (isPending(seen) || isFailure(seen)) return seen;
  const limit = loginLimit(book, subject);
  if (seen.count < limit) return PASS;
  return { pass: false, code: 'login-frequency', params: { limit, used: seen.count }, until: endOfDay(zone, now) };
}

export const builtIn = (book: Book, name: BuiltInName): Check =>
  installed(name, book.tables.check.get(checkKey(BUILT_INS[name])));
