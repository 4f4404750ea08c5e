/**
 * What a book may hold. A fact that does not say what its author meant is refused when it is written, with a stable code, the
 * place and what was found there; deciding can then trust every item it reads.
 */
import { parseRange } from './address-range.js';
import type { Book, ChangedFact, ControlSettings, Items, Noun } from './book.js';
import { type Check, type Demand, isBuiltInName } from './check.js';
import type { Span } from './instant.js';
import { isCanonicalId, isOperationName, isSlug, isTypeName, keyOf, splitKey } from './key.js';
import type { Quota } from './quota.js';
import type { Scope } from './scope.js';
import { isTimeWindow } from './time-window.js';
import { isZone } from './wall-clock.js';

export type PolicyFaultCode =
  | 'name-not-canonical'
  | 'key-mismatch'
  | 'undeclared'
  | 'still-used'
  | 'span-empty'
  | 'overrun-not-above-quota'
  | 'number-out-of-range'
  | 'zone-unknown'
  | 'window-unreadable'
  | 'address-unreadable'
  | 'condition-unreadable'
  | 'check-name-taken'
  | 'check-not-replaceable'
  | 'cap-ends-nothing'
  | 'exemption-of-nothing';

export interface PolicyFault {
  readonly code: PolicyFaultCode;
  /** Where in the item, such as `scope.roles`. */
  readonly path: string;
  readonly found: string;
  /** Of a condition: where in its text. */
  readonly column?: number;
}
type Report = (code: PolicyFaultCode, path: string, found: string | number, column?: number) => void;

export function validateFact(book: Book, fact: ChangedFact): readonly PolicyFault[] {
  const faults: PolicyFault[] = [];
  const report: Report = (code, path, found, column) =>
    void faults.push({ code, path, found: String(found), ...(column === undefined ? {} : { column }) });
  if (fact.noun === 'settings') validateSettings(fact.after, report);
  else if (fact.after === undefined) validateRemoval(book, fact.noun, fact.key, report);
  else validateItem(book, fact.noun, fact.key, fact.after, report);
  return faults;
}

function validateSettings({ zone, loginsPerDay, quota }: ControlSettings, report: Report): void {
  if (!isZone(zone)) report('zone-unknown', 'zone', zone);
  whole(report, 'loginsPerDay', loginsPerDay, 0, 100_000);
  validateQuota(quota, report);
}

const validateItem = <N extends Noun>(book: Book, noun: N, key: string, item: Items[N], report: Report): void =>
  RULES[noun](book, item, key, report);

const RULES: { readonly [N in Noun]: (book: Book, item: Items[N], key: string, report: Report) => void } = {
  subject(book, { id, roles, loginsPerDay }, key, report) {
    named(report, 'id', id, key, isCanonicalId);
    for (const role of roles) known(book, report, 'roles', 'role', role);
    if (loginsPerDay !== undefined) whole(report, 'loginsPerDay', loginsPerDay, 0, 100_000);
  },
  role(_, { name, loginsPerDay }, key, report) {
    named(report, 'name', name, key, isSlug);
    if (loginsPerDay !== undefined) whole(report, 'loginsPerDay', loginsPerDay, 0, 100_000);
  },
  type(_, { name, operations, onRevoke }, key, report) {
    named(report, 'name', name, key, isTypeName);
    for (const one of operations) if (!isOperationName(one)) report('name-not-canonical', 'operations', one);
    if (onRevoke.do === 'grace') whole(report, 'onRevoke.ms', onRevoke.ms, 1, MOST_GRACE_MS);
  },
  group: (_, { id }, key, report) => named(report, 'id', id, key, isCanonicalId),
  resource(book, { key: own, type, groups }, key, report) {
    const halves = splitKey(own);
    if (own !== key || halves?.type !== type) report('key-mismatch', 'key', own);
    if (halves !== undefined && !isCanonicalId(halves.id)) report('name-not-canonical', 'key', own);
    known(book, report, 'type', 'type', type);
    for (const group of groups) known(book, report, 'groups', 'group', group);
  },
  grant(book, { id, to, on, operations, when, ...span }, key, report) {
    named(report, 'id', id, key, isSlug);
    if (to !== 'anyone') known(book, report, 'to', 'user' in to ? 'subject' : 'role', 'user' in to ? to.user : to.role);
    if ('resource' in on) known(book, report, 'on', 'resource', on.resource);
    else known(book, report, 'on', 'group' in on ? 'group' : 'type', 'group' in on ? on.group : on.type);
    if (operations !== 'any') declaredOperations(book, report, 'operations', operations);
    condition(book, report, 'when', when);
    lasting(report, span);
  },
  // A block may come before what it is about: somebody is kept out before they exist here.
  block(_, { id, on, ...span }, key, report) {
    named(report, 'id', id, key, isCanonicalId);
    for (const name of Object.values(on)) if (!isCanonicalId(name)) report('name-not-canonical', 'on', name);
    lasting(report, span);
  },
  exemption(book, { id, of, check, ...span }, key, report) {
    named(report, 'id', id, key, isSlug);
    known(book, report, 'of', 'user' in of ? 'subject' : 'role', 'user' in of ? of.user : of.role);
    const found = book.tables.check.get(check);
    const frequency = check === 'user:login-frequency' || check === 'user:operation-frequency';
    if (!(found?.exemptable ?? frequency)) report('exemption-of-nothing', 'check', check);
    if (!Number.isFinite(span.until)) report('number-out-of-range', 'until', span.until);
    lasting(report, span);
  },
  quota(book, quota, key, report) {
    named(report, 'id', quota.id, key, isSlug);
    const { of, operations } = quota;
    if (of !== 'everyone')
      known(book, report, 'of', 'user' in of ? 'subject' : 'role', 'user' in of ? of.user : of.role);
    if (operations !== undefined) declaredOperations(book, report, 'operations', operations);
    validateQuota(quota, report);
  },
  check: validateCheck,
};

const MOST_GRACE_MS = 7 * 86_400_000;
const MOST_PERIOD_MS = 31 * 86_400_000;
/** The ring of a quota is as long: bounded, or a slip of the pen eats the memory. */
const MOST_OVERRUN = 1_000_000;

function validateQuota({ periodMs, quota, overrun, shape }: Quota, report: Report): void {
  whole(report, 'periodMs', periodMs, 1, MOST_PERIOD_MS);
  whole(report, 'quota', quota, shape === 'smooth' ? 1 : 0, MOST_OVERRUN);
  whole(report, 'overrun', overrun, 1, MOST_OVERRUN);
  if (!(overrun > quota)) report('overrun-not-above-quota', 'overrun', overrun);
}

function validateCheck(book: Book, check: Check, key: string, report: Report): void {
  if (!isSlug(check.name)) report('name-not-canonical', 'name', check.name);
  if (key !== `${check.half}:${check.name}`) report('key-mismatch', 'name', key);
  whole(report, 'order', check.order, -1_000_000, 1_000_000);
  whole(report, 'limitMs', check.limitMs, 1, 60_000);
  validateScope(book, check.scope, report);
  if (check.live.do === 'grace') whole(report, 'live.ms', check.live.ms, 1, MOST_GRACE_MS);
  const { does } = check;
  if (isBuiltInName(check.name)) {
    const takesPlace = check.replaces === 'built-in' && does.kind === 'custom' && !check.shadow;
    if (!takesPlace) report('check-name-taken', 'name', check.name);
    else if (check.name.endsWith('-block') && (!book.settings.replaceableBlocks || check.exemptable)) {
      report('check-not-replaceable', 'name', check.name);
    }
  } else if (does.kind === 'built-in' || check.replaces !== undefined)
    report('check-name-taken', 'replaces', check.name);
  if ('demand' in does) owed(book, report, does.demand);
  if (does.kind === 'window' && !isTimeWindow(does.window))
    report('window-unreadable', 'window', JSON.stringify(does.window));
  if (does.kind === 'when') condition(book, report, 'when', does.when);
  if (does.kind === 'cap') {
    whole(report, 'atMost', does.atMost, 0, 1_000_000);
    // What is live would count itself, and the last to come would end the first.
    if (check.live.do !== 'new-only') report('cap-ends-nothing', 'live', check.live.do);
  }
  if (does.kind !== 'source') return;
  for (const one of does.addresses) if (parseRange(one) === undefined) report('address-unreadable', 'addresses', one);
}

function validateScope(book: Book, scope: Scope, report: Report): void {
  for (const user of scope.users ?? []) known(book, report, 'scope.users', 'subject', user);
  for (const role of scope.roles ?? []) known(book, report, 'scope.roles', 'role', role);
  for (const key of scope.resources ?? []) known(book, report, 'scope.resources', 'resource', key);
  for (const group of scope.groups ?? []) known(book, report, 'scope.groups', 'group', group);
  for (const type of scope.types ?? []) known(book, report, 'scope.types', 'type', type);
  declaredOperations(book, report, 'scope.operations', scope.operations ?? []);
}

/** Roles, groups and types are what others are made of; subjects and resources may go and leave their facts behind. */
function validateRemoval({ tables }: Book, noun: Noun, key: string, report: Report): void {
  const resources = [...tables.resource.values()];
  const used =
    (noun === 'role' && [...tables.subject.values()].some(({ roles }) => roles.includes(key))) ||
    (noun === 'group' && resources.some(({ groups }) => groups.includes(key))) ||
    (noun === 'type' && resources.some(({ type }) => type === key));
  if (used) report('still-used', noun, key);
}

function named(report: Report, path: string, name: string, key: string, canonical: (name: string) => boolean): void {
  if (!canonical(name)) report('name-not-canonical', path, name);
  if (name !== key) report('key-mismatch', path, key);
}

function known(book: Book, report: Report, path: string, noun: Noun, name: string): void {
  if (!book.tables[noun].has(name)) report('undeclared', path, keyOf(noun, name));
}

function declaredOperations(book: Book, report: Report, path: string, operations: readonly string[]): void {
  const types = [...book.tables.type.values()];
  for (const one of operations) {
    if (!types.some((type) => type.operations.includes(one))) report('undeclared', path, one);
  }
}

function condition(book: Book, report: Report, path: string, source: string | undefined): void {
  if (source === undefined) return;
  const compiled = book.language.compile(source);
  if (!compiled.ok) report('condition-unreadable', path, compiled.fault.message, compiled.fault.column);
}

function owed(book: Book, report: Report, demand: Demand): void {
  if (demand.kind === 'step-up') whole(report, 'demand.maxAgeMs', demand.maxAgeMs, 1, MOST_GRACE_MS);
  if (demand.kind === 'approval') known(book, report, 'demand.by', 'role', demand.by);
}

function lasting(report: Report, { from, until }: Span): void {
  if (from !== undefined && until !== undefined && until <= from) report('span-empty', 'until', until);
}

function whole(report: Report, path: string, value: number, least: number, most: number): void {
  if (!Number.isSafeInteger(value) || value < least || value > most) report('number-out-of-range', path, value);
}
