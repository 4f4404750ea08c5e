/** The rows of the founding systems on small books, by both evaluators, with a clock that is an argument. */
import { describe, expect, it } from 'vitest';
import { WORDS } from '../../test/policy/world.js';
import { type Answer, type Failure, PASS, readAnswer } from './answer.js';
import { automaticBlock } from './block.js';
import { applyChange, type Book, type Change, type ChangedFact, DEFAULT_SETTINGS, emptyBook } from './book.js';
import { BUILT_INS, type Check } from './check.js';
import type { Decision } from './decision.js';
import { DEFAULT_EXEMPTION_MS } from './exemption.js';
import { createEvaluator } from './planned.js';
import * as reference from './reference.js';
import { NO_ASSERTIONS, type Request } from './request.js';
import type { See } from './see.js';

const put = (noun: string, key: string, after: object): ChangedFact => ({ noun, key, after }) as ChangedFact;
const bookOf = (facts: readonly ChangedFact[], zone = 'UTC'): Book =>
  facts.reduce(
    (book, fact) => applyChange(book, { version: book.version + 1, at: 0, by: 'x', ...fact } as Change),
    emptyBook(WORDS, { ...DEFAULT_SETTINGS, zone }),
  );

const subject = (id: string, roles: readonly string[] = [], more: object = {}): ChangedFact =>
  put('subject', id, { id, active: true, roles, props: {}, forcedLogin: 'reject', ...more });
const resource = (more: object = {}): ChangedFact =>
  put('resource', 'host:db', { key: 'host:db', type: 'host', groups: ['prod'], props: {}, ...more });
const grant = (id: string, to: unknown, on: unknown, effect = 'allow', more: object = {}): ChangedFact =>
  put('grant', id, { id, to, on, operations: 'any', effect, active: true, ...more });
const block = (id: string, on: object, more: object = {}): ChangedFact =>
  put('block', id, { id, on, source: 'manual', reason: 'r', by: 'x', ...more });
const check = (name: string, half: 'user' | 'resource', more: Partial<Check> = {}): ChangedFact => {
  const base: Check = {
    ...BUILT_INS['user-block'],
    name,
    half,
    does: { kind: 'custom' },
    exemptable: true,
    cost: 'compute',
  };
  return put('check', `${half}:${name}`, { ...base, ...more });
};

const BASE = [
  put('role', 'ops', { name: 'ops' }),
  put('role', 'dev', { name: 'dev' }),
  put('type', 'host', {
    name: 'host',
    operations: ['connect', 'delete'],
    asserts: 'never',
    onRevoke: { do: 'freeze' },
  }),
  put('group', 'prod', { id: 'prod' }),
  resource(),
  subject('ann', ['ops']),
];
const ALLOWED = [...BASE, grant('all', { role: 'ops' }, { type: 'host' })];

/** What a test does not name is free, empty and unpaid. */
const see = (given: Partial<See> = {}): See => ({
  place: () => ({ used: 0 }),
  count: () => ({ count: 0 }),
  answer: () => PASS,
  paid: () => ({}),
  ...given,
});
const REQUEST: Request = { user: 'ann', operation: 'connect', resource: 'host:db', params: {}, env: NO_ASSERTIONS };

function decide(book: Book, request: Partial<Request> = {}, given: Partial<See> = {}, now = 1_000): Decision {
  const asked = { ...REQUEST, ...request };
  const planned = createEvaluator(book).decide(asked, see(given), now);
  expect(planned).toEqual(reference.decide(book, asked, see(given), now));
  return planned as Decision;
}
function login(book: Book, given: Partial<See> = {}, now = 1_000, user = 'ann'): Decision {
  const planned = createEvaluator(book).decideLogin({ user }, see(given), now);
  expect(planned).toEqual(reference.decideLogin(book, { user }, see(given), now));
  return planned as Decision;
}
const names = (decision: Decision): readonly string[] => decision.trace.map(([name]) => name);

describe('grants', () => {
  it('S38, S84: default refuse; undeclared users, resources and operations each by a code of their own', () => {
    expect(decide(bookOf(BASE))).toMatchObject({ outcome: 'deny', code: 'no-grant', charge: 'attempt' });
    expect(decide(bookOf(ALLOWED))).toMatchObject({ outcome: 'allow', by: 'all', charge: 'admit' });
    expect(decide(bookOf(ALLOWED), { user: 'eve' })).toMatchObject({ code: 'user-unknown', charge: 'none' });
    expect(decide(bookOf(ALLOWED), { resource: 'host:x' })).toMatchObject({
      code: 'resource-unknown',
      charge: 'attempt',
    });
    expect(decide(bookOf(ALLOWED), { operation: 'fly' })).toMatchObject({ code: 'operation-unknown' });
    const off = bookOf([...ALLOWED, subject('ann', ['ops'], { active: false })]);
    expect(decide(off)).toMatchObject({ code: 'user-disabled', charge: 'none' });
  });

  it('X33: an inactive grant has no effect', () => {
    expect(decide(bookOf([...BASE, grant('g', 'anyone', { type: 'host' }, 'allow', { active: false })])).code).toBe(
      'no-grant',
    );
  });

  it('X34: explicit decides before every role, either way', () => {
    const direct = (effect: string): Book =>
      bookOf([...ALLOWED, grant('me', { user: 'ann' }, { resource: 'host:db' }, effect)]);
    expect(decide(direct('deny'))).toMatchObject({ code: 'grant-denied', by: 'me' });
    const refused = [...BASE, grant('no', { role: 'ops' }, { type: 'host' }, 'deny')];
    expect(decide(bookOf([...refused, grant('me', { user: 'ann' }, { resource: 'host:db' })]))).toMatchObject({
      by: 'me',
    });
  });

  it('X35: of two roles one allows: passes; none allows and one denies: refused', () => {
    const both = [...BASE, subject('ann', ['ops', 'dev']), grant('no', { role: 'dev' }, { group: 'prod' }, 'deny')];
    expect(decide(bookOf([...both, grant('yes', { role: 'ops' }, { group: 'prod' })]))).toMatchObject({ by: 'yes' });
    expect(decide(bookOf(both))).toMatchObject({ code: 'grant-denied', by: 'no' });
  });

  it.each([
    ['allow', undefined, 'allow'],
    ['deny', 'allow', 'deny'],
    [undefined, 'allow', 'allow'],
    [undefined, 'deny', 'deny'],
    [undefined, undefined, 'deny'],
  ])('X36: resource %s, group %s: %s', (own, group, outcome) => {
    const right = (value?: string): object => (value === undefined ? {} : { default: value });
    const book = bookOf([...BASE, put('group', 'prod', { id: 'prod', ...right(group) }), resource(right(own))]);
    expect(decide(book).outcome).toBe(outcome);
  });

  it('a condition’s error never gives: an allow is not given, a deny is', () => {
    const broken = { when: 'error' };
    expect(decide(bookOf([...BASE, grant('g', 'anyone', { type: 'host' }, 'allow', broken)])).code).toBe('no-grant');
    expect(
      decide(bookOf([...BASE, resource({ default: 'allow' }), grant('g', 'anyone', { type: 'host' }, 'deny', broken)]))
        .code,
    ).toBe('grant-denied');
  });

  it('what a caller says of a resource counts as its type declares', () => {
    const book = (asserts: string): Book =>
      bookOf([
        ...BASE,
        put('type', 'host', { name: 'host', operations: ['connect'], asserts, onRevoke: { do: 'close' } }),
        resource({ props: { flag: false } }),
        grant('g', 'anyone', { type: 'host' }, 'allow', { when: 'flag' }),
      ]);
    const env = { ...NO_ASSERTIONS, resource: { flag: true } };
    const outcomes = ['never', 'fill', 'override'].map((asserts) => decide(book(asserts), { env }).outcome);
    expect(outcomes).toEqual(['deny', 'deny', 'allow']);
  });
});

describe('the order of checks', () => {
  const CHECKS = [
    ...ALLOWED,
    check('mine', 'user'),
    check('dear', 'user', { cost: 'remote' }),
    check('its', 'resource'),
    check('mine', 'resource', { cost: 'lookup' }),
  ];

  it('S42, S76, S77: user items, demand resource items, each by cost; the login’s absent; a name in both halves', () => {
    const order = ['user-block', 'grants', 'mine', 'operation-frequency', 'dear', 'resource-block', 'mine', 'its'];
    expect(names(decide(bookOf(CHECKS)))).toEqual(order);
    expect(names(login(bookOf(CHECKS)))).toEqual(['user-block', 'login-frequency']);
  });

  it('S41: the first refusal decides, and nothing after it runs', () => {
    const asked: string[] = [];
    const answer = ({ name }: Check): Answer => {
      asked.push(name);
      return name === 'dear' ? { pass: false, code: 'too-dear' } : PASS;
    };
    const decision = reference.decide(bookOf(CHECKS), REQUEST, see({ answer }), 5) as Decision;
    expect(decision).toMatchObject({ outcome: 'deny', code: 'too-dear', by: 'dear', charge: 'attempt' });
    expect(asked).toEqual(['mine', 'dear']);
  });

  it('S52, S79, S81: a blocked user is refused before anything else, at every checkpoint, and nothing is charged', () => {
    const book = bookOf([...CHECKS, block('b', { user: 'ann' })]);
    expect(decide(book)).toMatchObject({ code: 'user-blocked', charge: 'none', meters: [] });
    expect(names(decide(book))).toEqual(['user-block']);
    expect(login(book, { count: () => ({ count: 99 }) })).toMatchObject({ code: 'user-blocked' });
    const access = createEvaluator(book).decideAccess({ user: 'ann' }, see(), 5);
    expect(access).toMatchObject({ code: 'user-blocked', checkpoint: 'access' });
  });

  it('S50, S53, S82, W36: a blocked resource is refused to all, charges nothing, and blocks no login or namesake', () => {
    const book = bookOf([...ALLOWED, block('b', { resource: 'host:db' })]);
    expect(decide(book)).toMatchObject({ code: 'resource-blocked', charge: 'none', meters: [] });
    expect(login(book).outcome).toBe('allow');
    expect(decide(bookOf([...ALLOWED, block('b', { user: 'host:db' })])).outcome).toBe('allow');
  });

  it('W29: of several blocks the longest is told; lifting it leaves the others', () => {
    const blocks = [block('a', { user: 'ann' }, { until: 2_000 }), block('b', { role: 'ops' }, { until: 3_000 })];
    expect(decide(bookOf([...ALLOWED, ...blocks])).params).toMatchObject({ block: 'b', until: 3_000 });
    const lifted = block('b', { role: 'ops' }, { until: 3_000, lifted: { at: 1, by: 'x', reason: 'y' } });
    expect(decide(bookOf([...ALLOWED, ...blocks, lifted]))).toMatchObject({ params: { block: 'a' }, until: 2_000 });
  });

  it('a later refusal beats an earlier debt; without one it is owed', () => {
    const rule = check('code', 'user', { does: { kind: 'when', demand: { kind: 'step-up', maxAgeMs: 900_000 } } });
    expect(decide(bookOf([...ALLOWED, rule]))).toMatchObject({
      outcome: 'hold',
      code: 'step-up-needed',
      by: 'code',
      charge: 'attempt',
      obligations: [{ kind: 'step-up', maxAgeMs: 900_000 }],
    });
    expect(decide(bookOf([...ALLOWED, rule]), {}, { paid: () => ({ until: 7_000 }) })).toMatchObject({
      outcome: 'allow',
      until: 7_000,
    });
    expect(decide(bookOf([...ALLOWED, rule, block('b', { group: 'prod' })])).code).toBe('resource-blocked');
  });

  it('W25: a failing check refuses and is named, or passes as declared; what is not an answer is a failure', () => {
    const broken = (failure: Check['failure']): Decision =>
      decide(bookOf([...ALLOWED, check('mine', 'user', { failure })]), {}, { answer: () => readAnswer(undefined) });
    expect(broken('closed')).toMatchObject({ code: 'check-failed', params: { check: 'mine', why: 'malformed' } });
    expect(broken('open')).toMatchObject({ outcome: 'allow' });
    expect(broken('open').trace).toContainEqual(['mine', 'failed-open']);
    const wrong = [
      undefined,
      null,
      1,
      'yes',
      {},
      { pass: 'true' },
      { pass: false },
      { pass: true, until: Number.NaN },
      [true],
    ];
    for (const raw of wrong) expect(readAnswer(raw)).toEqual({ failed: 'malformed' } satisfies Failure);
    expect([readAnswer(true), readAnswer(false)]).toEqual([PASS, { pass: false, code: 'check-refused' }]);
  });

  it('a source rule refuses other addresses, and an unknown one', () => {
    const rule = check('office', 'user', {
      does: { kind: 'source', addresses: ['192.0.2.0/24'], demand: { kind: 'deny' } },
    });
    const book = bookOf([...ALLOWED, rule]);
    expect(decide(book, { address: '192.0.2.9' }).outcome).toBe('allow');
    expect(decide(book, { address: '198.51.100.9' }).code).toBe('source-refused');
    expect(decide(book).code).toBe('source-refused');
  });

  it('W24: a replacement that says so has the built-in’s place; one that does not is not there', () => {
    const answer = (): Answer => ({ pass: false, code: 'mine' });
    const other = (more: Partial<Check>): ChangedFact => check('user-block', 'user', more);
    expect(decide(bookOf([...ALLOWED, other({ replaces: 'built-in' })]), {}, { answer }).code).toBe('mine');
    expect(decide(bookOf([...ALLOWED, other({})]), {}, { answer }).outcome).toBe('allow');
  });

  it('X44: decided again, everything that speaks against it is told, with its effect', () => {
    const book = bookOf([
      ...BASE,
      block('b', { user: 'ann' }),
      check('mine', 'user', { live: { do: 'grace', ms: 5 } }),
    ]);
    const answer = (): Answer => ({ pass: false, code: 'no' });
    const planned = createEvaluator(book).review(REQUEST, see({ answer }), 5);
    expect(planned).toEqual(reference.review(book, REQUEST, see({ answer }), 5));
    expect(planned).toMatchObject({
      objections: [
        { check: 'user-block', effect: { do: 'close' } },
        { check: 'grants', code: 'no-grant', effect: { do: 'freeze' } },
        { check: 'mine', code: 'no', effect: { do: 'grace', ms: 5 } },
      ],
    });
  });

  it('waits for an answer that is not there yet, and decides when it is', async () => {
    const evaluator = createEvaluator(bookOf([...ALLOWED, check('far', 'user', { cost: 'remote' })]));
    let known: Answer | undefined;
    const arrives = Promise.resolve().then(() => {
      known = PASS;
    });
    const far = see({ answer: () => known ?? { pending: arrives } });
    const first = evaluator.decide(REQUEST, far, 5);
    expect(first).toEqual({ pending: arrives });
    await arrives;
    expect(evaluator.decide(REQUEST, far, 5)).toMatchObject({ outcome: 'allow' });
  });
});

describe('time', () => {
  const DAY_MS = 86_400_000;
  const at = (text: string): number => Date.parse(text);
  /** Logins as a store would count them: by day key. */
  const counted = (): { readonly given: Partial<See>; readonly log: (book: Book, now: number) => string } => {
    const counts = new Map<string, number>();
    let asked = '';
    const count = (key: string): { count: number } => {
      asked = key;
      return { count: counts.get(key) ?? 0 };
    };
    return {
      given: { count },
      log(book, now) {
        asked = '';
        const { code, charge } = login(book, { count }, now);
        if (charge === 'admit' && asked !== '') counts.set(asked, (counts.get(asked) ?? 0) + 1);
        return code;
      },
    };
  };

  it.each([
    ['Asia/Shanghai', '2026-11-22T15:59:59.999Z', '2026-11-22T16:00:00Z'],
    ['America/Santiago', '2026-09-06T03:59:59.999Z', '2026-09-06T04:00:00Z'], // midnight does not exist that night
    ['Australia/Lord_Howe', '2026-10-03T13:29:59.999Z', '2026-10-03T13:30:00Z'],
  ])('S62, W35: three logins a day in %s, the fourth refused until the day ends there', (zone, before, midnight) => {
    const book = bookOf(ALLOWED, zone);
    const door = counted();
    for (let count = 0; count < 3; count++) expect(door.log(book, at(before) - 3_600_000)).toBe('allowed');
    expect(login(book, door.given, at(before))).toMatchObject({
      code: 'login-frequency',
      retryAt: at(midnight),
      charge: 'none',
    });
    expect(door.log(book, at(midnight))).toBe('allowed');
  });

  it('S62, W27: the user’s own number before the roles’, the largest of the roles’ before everyone’s', () => {
    const given = { count: () => ({ count: 4 }) };
    const roles = [
      put('role', 'ops', { name: 'ops', loginsPerDay: 4 }),
      put('role', 'dev', { name: 'dev', loginsPerDay: 5 }),
    ];
    expect(login(bookOf([...ALLOWED, ...roles]), given).code).toBe('login-frequency');
    expect(login(bookOf([...ALLOWED, ...roles, subject('ann', ['ops', 'dev'])]), given).code).toBe('allowed');
    expect(login(bookOf([...ALLOWED, ...roles, subject('ann', ['ops', 'dev'], { loginsPerDay: 2 })]), given).code).toBe(
      'login-frequency',
    );
  });

  it('S64: an exemption lets 50 logins pass, counts none of them, and ends by itself after ten days', () => {
    const start = at('2026-11-22T10:00:00Z');
    const exemption = {
      id: 'e',
      of: { user: 'ann' },
      check: 'user:login-frequency',
      from: start,
      until: start + DEFAULT_EXEMPTION_MS,
    };
    const book = bookOf([...ALLOWED, put('exemption', 'e', { ...exemption, by: 'x', reason: 'new here' })]);
    const door = counted();
    for (let count = 0; count < 50; count++) expect(door.log(book, start + count)).toBe('allowed');
    const end = start + 10 * DAY_MS;
    expect(login(book, {}, end - 1)).toMatchObject({
      until: end,
      trace: [
        ['user-block', 'pass'],
        ['login-frequency', 'exempt', 'e'],
      ],
    });
    expect([0, 1, 2, 3].map((count) => door.log(book, end + count))).toEqual([
      'allowed',
      'allowed',
      'allowed',
      'login-frequency',
    ]);
  });

  it('S64: exempt from operation frequency, nothing is charged', () => {
    const exemption = {
      id: 'e',
      of: { role: 'ops' },
      check: 'user:operation-frequency',
      until: 2_000,
      by: 'x',
      reason: 'y',
    };
    const book = bookOf([...ALLOWED, put('exemption', 'e', exemption)]);
    const full = { place: () => ({ used: 9, retryAt: 5_000 }) };
    expect(decide(book, {}, full)).toMatchObject({ outcome: 'allow', meters: [], until: 2_000 });
    expect(decide(book, {}, full, 2_000)).toMatchObject({
      code: 'operation-frequency',
      retryAt: 5_000,
      charge: 'attempt',
    });
  });

  it('S71: an automatic block works for twelve hours and not a millisecond more', () => {
    const start = at('2026-11-22T10:00:00Z');
    const cause = { count: 3_001, periodMs: 60_000, lastOperation: 'connect' };
    const book = bookOf([...ALLOWED, put('block', 'auto', automaticBlock('auto', 'ann', start, cause))]);
    const end = start + 12 * 3_600_000;
    expect(decide(book, {}, {}, end - 1)).toMatchObject({
      code: 'user-blocked',
      until: end,
      params: { source: 'automatic' },
    });
    expect(decide(book, {}, {}, end).outcome).toBe('allow');
  });

  it('S66: whom no quota is about has the default; the nearest answers; one for an operation comes on top', () => {
    const ids = (facts: readonly ChangedFact[], operation = 'connect'): readonly string[] =>
      decide(bookOf([...ALLOWED, ...facts]), { operation }).meters.map(({ quota }) => quota.id);
    const quota = (id: string, of: unknown, more: object = {}): ChangedFact =>
      put('quota', id, { id, of, periodMs: 1_000, quota: 5, overrun: 9, shape: 'exact', ...more });
    const everyone = quota('e', 'everyone');
    const role = quota('r', { role: 'ops' });
    const own = quota('u', { user: 'ann' });
    const special = quota('d', 'everyone', { operations: ['delete'] });
    expect(ids([])).toEqual(['default']);
    expect(ids([everyone])).toEqual(['e']);
    expect(ids([everyone, role])).toEqual(['r']);
    expect(ids([everyone, role, own, special])).toEqual(['u']);
    expect(ids([everyone, role, own, special], 'delete')).toEqual(['u', 'd']);
  });
});
