import { describe, expect, it } from 'vitest';
import { WORDS } from '../../test/policy/world.js';
import { applyChange, type Book, type Change, type ChangedFact, DEFAULT_SETTINGS, emptyBook } from './book.js';
import { BUILT_INS, type Check } from './check.js';
import { DEFAULT_QUOTA } from './quota.js';
import { validateFact } from './validate.js';

const rule: Check = { ...BUILT_INS['user-block'], name: 'rule', does: { kind: 'custom' }, live: { do: 'close' } };
const put = (noun: string, key: string, after: object): ChangedFact => ({ noun, key, after }) as ChangedFact;
const with_ = (book: Book, fact: ChangedFact): Book =>
  applyChange(book, { version: book.version + 1, at: 0, by: 'x', ...fact } as Change);

const HOST = { name: 'host', operations: ['connect'], asserts: 'never', onRevoke: { do: 'close' } };
const DB = { key: 'host:db', type: 'host', groups: ['prod'], props: {} };
const ANN = { id: 'ann', active: true, roles: ['ops'], props: {}, forcedLogin: 'reject' };
const book = [
  put('role', 'ops', { name: 'ops' }),
  put('type', 'host', HOST),
  put('group', 'prod', { id: 'prod' }),
  put('resource', 'host:db', DB),
  put('subject', 'ann', ANN),
].reduce(with_, emptyBook(WORDS));
const GRANT = {
  id: 'g',
  to: { role: 'ops' },
  on: { type: 'host' },
  operations: ['connect'],
  effect: 'allow',
  active: true,
};
const EXEMPTION = { id: 'e', of: { user: 'ann' }, check: 'user:login-frequency', until: 10, by: 'x', reason: 'y' };
const QUOTA = { ...DEFAULT_QUOTA, id: 'q' };
const WINDOW = {
  kind: 'window',
  window: { zone: 'UTC', days: ['mon'], from: '08:00', to: '08:00' },
  demand: { kind: 'deny' },
};
const CAP = { kind: 'cap', of: 'user', atMost: 1, demand: { kind: 'deny' } };

describe('a fact of the book', () => {
  it.each([
    ['grant', 'g', GRANT],
    ['grant', 'g', { ...GRANT, to: 'anyone', operations: 'any', when: 'yes', from: 1, until: 2 }],
    ['exemption', 'e', EXEMPTION],
    ['quota', 'q', QUOTA],
    ['block', 'b', { id: 'b', on: { user: 'not here yet' }, source: 'manual', reason: '', by: 'x' }],
    ['resource', 'host:a b:c', { ...DB, key: 'host:a b:c' }],
    ['check', 'user:rule', rule],
    ['check', 'user:login-frequency', { ...rule, name: 'login-frequency', replaces: 'built-in' }],
  ] as const)('is taken: %s %s', (noun, key, after) => {
    expect(validateFact(book, put(noun, key, after))).toEqual([]);
  });

  it.each([
    ['S84', 'undeclared', 'grant', 'g', { ...GRANT, to: { role: 'nobody' } }],
    ['S84', 'undeclared', 'grant', 'g', { ...GRANT, on: { resource: 'host:none' } }],
    ['S84', 'undeclared', 'grant', 'g', { ...GRANT, operations: ['fly'] }],
    ['X36', 'undeclared', 'resource', 'host:x', { ...DB, key: 'host:x', groups: ['nowhere'] }],
    ['W34', 'name-not-canonical', 'subject', 'bo\u0308b', { ...ANN, id: 'bo\u0308b' }],
    ['W34', 'name-not-canonical', 'subject', ' ann', { ...ANN, id: ' ann' }],
    ['W34', 'name-not-canonical', 'subject', 'an\u200bn', { ...ANN, id: 'an\u200bn' }],
    ['W34', 'key-mismatch', 'resource', 'record:db', { ...DB, key: 'record:db' }],
    ['W29', 'overrun-not-above-quota', 'quota', 'q', { ...QUOTA, overrun: QUOTA.quota }],
    ['S68', 'number-out-of-range', 'quota', 'q', { ...QUOTA, periodMs: 0.5 }],
    ['S64', 'number-out-of-range', 'exemption', 'e', { ...EXEMPTION, until: Number.POSITIVE_INFINITY }],
    ['S64', 'span-empty', 'exemption', 'e', { ...EXEMPTION, from: 10 }],
    ['W29', 'exemption-of-nothing', 'exemption', 'e', { ...EXEMPTION, check: 'user:user-block' }],
    ['W24', 'check-name-taken', 'check', 'user:user-block', { ...rule, name: 'user-block' }],
    ['W24', 'check-not-replaceable', 'check', 'user:user-block', { ...rule, name: 'user-block', replaces: 'built-in' }],
    [
      'W24',
      'check-name-taken',
      'check',
      'user:login-frequency',
      { ...rule, name: 'login-frequency', replaces: 'built-in', shadow: true },
    ],
    ['W35', 'window-unreadable', 'check', 'user:rule', { ...rule, does: WINDOW }],
    [
      'W34',
      'address-unreadable',
      'check',
      'user:rule',
      { ...rule, does: { kind: 'source', addresses: ['10.0.0.1/8'], demand: { kind: 'deny' } } },
    ],
    [
      'V43',
      'condition-unreadable',
      'check',
      'user:rule',
      { ...rule, does: { kind: 'when', when: 'unreadable', demand: { kind: 'deny' } } },
    ],
    ['X44', 'cap-ends-nothing', 'check', 'user:rule', { ...rule, does: CAP }],
    ['W26', 'undeclared', 'check', 'user:rule', { ...rule, scope: { groups: ['nowhere'] } }],
  ])('%s: is refused with %s: %s %s', (_, code, noun, key, after) => {
    expect(validateFact(book, put(noun, key, after)).map((fault) => fault.code)).toContain(code);
  });

  it('W24: the block checks are replaced only where the server allows it', () => {
    const open = { ...book, settings: { ...DEFAULT_SETTINGS, replaceableBlocks: true } };
    const check = { ...rule, name: 'user-block', replaces: 'built-in' };
    expect(validateFact(open, put('check', 'user:user-block', check))).toEqual([]);
  });

  it('what others are made of stays while it is used', () => {
    for (const [noun, key] of [
      ['role', 'ops'],
      ['group', 'prod'],
      ['type', 'host'],
    ] as const) {
      const before = book.tables[noun].get(key);
      expect(validateFact(book, { noun, key, before } as ChangedFact)).toMatchObject([{ code: 'still-used' }]);
    }
  });

  it('W35: the settings name a zone that exists', () => {
    const after = { ...DEFAULT_SETTINGS, zone: 'Mars/Olympus' };
    const fact: ChangedFact = { noun: 'settings', before: DEFAULT_SETTINGS, after };
    expect(validateFact(book, fact)).toMatchObject([{ code: 'zone-unknown', path: 'zone', found: 'Mars/Olympus' }]);
  });
});
