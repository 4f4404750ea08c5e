/**
 * Random small worlds for the laws of the control engine, aimed at what can matter: the user mostly exists, spans lie within
 * a few milliseconds of now, windows have their edges there, and some worlds are crowded. Everything follows from the seed.
 */
import {
  applyChange,
  type Book,
  type Change,
  type ChangedFact,
  DEFAULT_SETTINGS,
  emptyBook,
  type Items,
  NOUNS,
  type Noun,
} from '../../src/policy/book.js';
import { type Check, type CheckBody, COSTS, checkKey, type Demand } from '../../src/policy/check.js';
import type { ConditionLanguage } from '../../src/policy/condition.js';
import type { Span } from '../../src/policy/instant.js';
import type { LoginRequest, Request } from '../../src/policy/request.js';
import type { Scope } from '../../src/policy/scope.js';
import { WEEKDAYS } from '../../src/policy/time-window.js';
import { type Random, randomOf } from './random.js';

/** A Sunday; windows of the worlds open and close here. */
export const NOW = Date.parse('2026-11-22T08:00:00.005Z');
export const REACH_MS = 10;

const USERS = ['ann', 'bob', 'cid'];
const ROLES = ['ops', 'dev', 'aud'];
const TYPES = ['host', 'record'];
const GROUPS = ['prod', 'test', 'lab'];
const OPERATIONS = ['read', 'write', 'connect'];
const KEYS = ['host:a', 'host:b', 'record:a', 'record:b'];
const CONDITIONS = ['yes', 'no', 'error', 'flag', 'asserted', 'unreadable'];

/** A language of six words: true, false, an error, a stored property, one the caller says, and no condition at all. */
export const WORDS: ConditionLanguage = {
  name: 'words',
  compile: (source) =>
    source === 'unreadable'
      ? { ok: false, fault: { code: 'unreadable', message: source, column: 0 } }
      : {
          ok: true,
          condition: ({ subject, resource }) => {
            if (source === 'error') throw new Error(source);
            if (source === 'flag') return resource.flag === true;
            if (source === 'asserted') return subject.asserted === true;
            return source === 'yes';
          },
        },
};

export interface World {
  readonly seed: number;
  readonly book: Book;
  readonly changes: readonly Change[];
  readonly request: Request;
  readonly login: LoginRequest;
}

type Fact = { [N in Noun]: { readonly noun: N; readonly key: string; readonly item: Items[N] } }[Noun];

export function makeWorld(seed: number): World {
  const random = randomOf(seed);
  const crowd = random.chance(0.1) ? 4 : 1;
  const facts = [...declared(random), ...aimed(random, crowd)];
  const changes: Change[] = [];
  let book = emptyBook(WORDS, { ...DEFAULT_SETTINGS, loginsPerDay: random.between(1, 3) });
  const change = (fact: ChangedFact): void => {
    const next = { version: book.version + 1, at: NOW, by: 'law', ...fact } as Change;
    changes.push(next);
    book = applyChange(book, next);
  };
  for (const fact of facts) change(asChange(book, fact));
  // Replaced, and taken away again: what the index has put somewhere it must find there.
  for (const fact of random.some(facts, 0.15)) {
    const before = book.tables[fact.noun].get(fact.key);
    if (before === undefined) continue;
    if (random.chance(0.4)) change({ noun: fact.noun, key: fact.key, before } as ChangedFact);
    else {
      const other = random.pick(
        [...declared(random), ...aimed(random, 1)].filter(({ noun }) => noun === fact.noun).concat(fact),
      );
      change({ noun: fact.noun, key: fact.key, before, after: renamed(other, fact) } as ChangedFact);
    }
  }
  const user = random.chance(0.97) ? random.pick(USERS) : 'nobody';
  const address = random.pick(['192.0.2.7', '198.51.100.1', undefined]);
  const request: Request = {
    user,
    operation: random.chance(0.97) ? random.pick(OPERATIONS) : 'undeclared',
    resource: random.chance(0.97) ? random.pick(KEYS) : 'host:nowhere',
    params: {},
    ...(address === undefined ? {} : { address }),
    env: { subject: { asserted: random.chance(0.5) }, action: {}, resource: { flag: random.chance(0.5) }, context: {} },
  };
  return { seed, book, changes, request, login: { user } };
}

const asChange = (book: Book, { noun, key, item }: Fact): ChangedFact => {
  const before = book.tables[noun].get(key);
  return { noun, key, ...(before === undefined ? {} : { before }), after: item } as ChangedFact;
};

/** The other's content under the fact's name. */
function renamed(other: Fact, { noun, key, item }: Fact): Fact['item'] {
  const name =
    noun === 'resource'
      ? { key, type: key.split(':')[0] }
      : noun === 'check'
        ? namesOf(item as Check)
        : nameOf(noun, key);
  return { ...other.item, ...name } as Fact['item'];
}
const namesOf = ({ name, half }: Check): object => ({ name, half });
const nameOf = (noun: Noun, key: string): object => (noun === 'role' || noun === 'type' ? { name: key } : { id: key });

export function declared(random: Random): Fact[] {
  const right = (): object => (random.chance(0.3) ? { default: random.pick(['allow', 'deny']) } : {});
  return [
    ...ROLES.map((name) =>
      fact('role', name, { name, ...(random.chance(0.3) ? { loginsPerDay: random.between(1, 5) } : {}) }),
    ),
    ...TYPES.map((name) =>
      fact('type', name, {
        name,
        operations: random.chance(0.9) ? OPERATIONS : random.some(OPERATIONS, 0.5),
        asserts: random.pick(['never', 'fill', 'override']),
        onRevoke: random.pick([{ do: 'close' }, { do: 'freeze' }, { do: 'new-only' }]),
      }),
    ),
    ...GROUPS.map((id) => fact('group', id, { id, ...right() })),
    ...KEYS.filter(() => random.chance(0.97)).map((key) =>
      fact('resource', key, {
        key,
        type: key.split(':')[0]!,
        groups: random.some(GROUPS, 0.4),
        props: random.chance(0.5) ? { flag: random.chance(0.5) } : {},
        ...right(),
      }),
    ),
    ...USERS.map((id) =>
      fact('subject', id, {
        id,
        active: random.chance(0.98),
        roles: random.some(ROLES, 0.5),
        props: {},
        forcedLogin: 'reject',
        ...(random.chance(0.2) ? { loginsPerDay: random.between(1, 5) } : {}),
      }),
    ),
  ];
}

export function aimed(random: Random, crowd: number): Fact[] {
  const many = <T>(most: number, make: (at: number) => T): T[] =>
    Array.from({ length: random.between(0, most * crowd) }, (_, at) => make(at));
  return [
    ...many(6, (at) => grant(random, `g${at}`)),
    ...many(1, (at) => block(random, `b${at}`)),
    ...many(2, (at) =>
      fact('exemption', `e${at}`, {
        id: `e${at}`,
        of: random.chance(0.5) ? { user: random.pick(USERS) } : { role: random.pick(ROLES) },
        check: random.pick([
          'user:operation-frequency',
          'user:login-frequency',
          'user:c0',
          'resource:c0',
          'user:c1',
          'resource:c1',
        ]),
        ...spanOf(random),
        until: NOW + random.between(-REACH_MS, REACH_MS),
        by: 'law',
        reason: 'law',
      }),
    ),
    ...many(2, (at) => {
      const of = random.pick(['everyone', { role: random.pick(ROLES) }, { user: random.pick(USERS) }] as const);
      const operations = random.chance(0.3) ? { operations: random.some(OPERATIONS, 0.5) } : {};
      return fact('quota', `q${at}`, {
        id: `q${at}`,
        of,
        ...operations,
        periodMs: 20,
        quota: 2,
        overrun: 5,
        shape: 'exact',
      });
    }),
    ...many(5, (at) => custom(random, `c${random.between(0, at)}`)),
    ...random
      .some(['user-block', 'login-frequency', 'operation-frequency', 'resource-block'], 0.03)
      .map((name) => replacement(random, name)),
  ];
}

export function grant(random: Random, id: string): Fact {
  const to = random.pick(['anyone', { role: random.pick(ROLES) }, { user: random.pick(USERS) }] as const);
  const on = random.pick([
    { resource: random.pick(KEYS) },
    { group: random.pick(GROUPS) },
    { type: random.pick(TYPES) },
  ]);
  return fact('grant', id, {
    id,
    to,
    on,
    operations: random.chance(0.4) ? 'any' : random.some(OPERATIONS, 0.6),
    effect: random.chance(0.75) ? 'allow' : 'deny',
    active: random.chance(0.95),
    ...(random.chance(0.3) ? { when: random.pick(CONDITIONS) } : {}),
    ...(random.chance(0.3) ? spanOf(random) : {}),
  });
}

export function block(random: Random, id: string): Fact {
  const on = random.pick([
    { user: random.pick(USERS) },
    { role: random.pick(ROLES) },
    { group: random.pick(GROUPS) },
    { resource: random.pick(KEYS) },
  ]);
  const lifted = random.chance(0.2) ? { lifted: { at: NOW, by: 'law', reason: 'law' } } : {};
  return fact('block', id, { id, on, source: 'manual', reason: 'law', by: 'law', ...spanOf(random), ...lifted });
}

export function custom(random: Random, name: string, half = random.pick(['user', 'resource'] as const)): Fact {
  const check: Check = {
    name,
    half,
    cost: random.pick(COSTS),
    order: random.between(0, 2),
    scope: scopeOf(random),
    does: bodyOf(random),
    limitMs: 100,
    failure: random.chance(0.7) ? 'closed' : 'open',
    shadow: random.chance(0.15),
    exemptable: random.chance(0.6),
    live: random.pick([{ do: 'close' }, { do: 'freeze' }, { do: 'grace', ms: 5 }, { do: 'new-only' }]),
    version: 'v1',
  };
  return fact('check', checkKey(check), check);
}

function replacement(random: Random, name: string): Fact {
  const { item } = custom(random, name, name === 'resource-block' ? 'resource' : 'user') as Extract<
    Fact,
    { noun: 'check' }
  >;
  const check: Check = { ...item, does: { kind: 'custom' }, ...(random.chance(0.8) ? { replaces: 'built-in' } : {}) };
  return fact('check', checkKey(check), check);
}

function bodyOf(random: Random): CheckBody {
  const demand: Demand = random.pick<Demand>([
    { kind: 'deny' },
    { kind: 'deny' },
    { kind: 'step-up', maxAgeMs: 5 },
    { kind: 'approval', by: 'ops' },
    { kind: 'notice', text: 'n' },
    { kind: 'record' },
  ]);
  const window = {
    zone: 'UTC',
    days: WEEKDAYS,
    ...random.pick([
      { from: '08:00', to: '09:00' },
      { from: '07:00', to: '08:00' },
    ]),
  };
  return random.pick<CheckBody>([
    { kind: 'custom' },
    { kind: 'custom' },
    { kind: 'window', window, demand },
    { kind: 'source', addresses: ['192.0.2.0/24'], demand },
    { kind: 'cap', of: random.pick(['user', 'resource', 'everything']), atMost: random.between(1, 3), demand },
    { kind: 'when', demand, ...(random.chance(0.7) ? { when: random.pick(CONDITIONS) } : {}) },
  ]);
}

function scopeOf(random: Random): Scope {
  const side = <T extends string>(names: Readonly<Record<T, readonly string[]>>): Partial<Record<T, string[]>> =>
    Object.fromEntries(
      (Object.keys(names) as T[]).filter(() => random.chance(0.3)).map((name) => [name, random.some(names[name], 0.6)]),
    ) as Partial<Record<T, string[]>>;
  return {
    ...side({ users: USERS, roles: ROLES }),
    ...(random.chance(0.3) ? { operations: random.some(OPERATIONS, 0.6) } : {}),
    ...side({ resources: KEYS, groups: GROUPS, types: TYPES }),
  };
}

export function spanOf(random: Random): Span {
  const near = (): number => NOW + random.between(-REACH_MS, REACH_MS);
  return { ...(random.chance(0.4) ? { from: near() } : {}), ...(random.chance(0.6) ? { until: near() } : {}) };
}

const fact = <N extends Noun>(noun: N, key: string, item: Items[N]): Fact => ({ noun, key, item }) as unknown as Fact;

/** The same facts in another order of the tables. */
export function shuffled(book: Book, random: Random): Book {
  const tables = Object.fromEntries(
    NOUNS.map((noun) => [
      noun,
      new Map(
        [...book.tables[noun]]
          .map((entry) => [random.between(0, 1 << 30), entry] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, entry]) => entry) as [string, never][],
      ),
    ]),
  ) as unknown as Book['tables'];
  return { ...book, tables };
}
