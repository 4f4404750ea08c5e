import { describe, expect, it } from 'vitest';
import { seen } from '../../test/policy/seen.js';
import { makeWorld, NOW, WORDS } from '../../test/policy/world.js';
import { applyChange, type Change, emptyBook } from './book.js';
import { review } from './reference.js';
import { filedUnder, touchedKeys } from './touched-keys.js';

const CASES = process.env.LONG_TESTS === undefined ? 1_000 : 50_000;
const TIME_LIMIT_MS = process.env.LONG_TESTS === undefined ? 120_000 : 7_200_000;

describe('the coordinates of a change', () => {
  it(
    'law: whenever a change alters what is said of something live, it touches what that is filed under',
    () => {
      let altered = 0;
      for (let seed = 1; seed <= CASES; seed++) {
        const world = makeWorld(seed);
        const see = seen(seed, { waits: false });
        let book = emptyBook(WORDS, world.book.settings);
        let said = JSON.stringify(review(book, world.request, see, NOW), withoutVersion);
        for (const change of world.changes) {
          const filed = filedUnder(book, world.request);
          book = applyChange(book, change);
          const says = JSON.stringify(review(book, world.request, see, NOW), withoutVersion);
          if (says === said) continue;
          altered++;
          const touched = touchedKeys(change);
          if (!touched.some((key) => filed.includes(key)))
            expect(touched, `${seed}: ${JSON.stringify(change)}`).toEqual(filed);
          said = says;
        }
      }
      expect(altered).toBeGreaterThan(CASES);
    },
    TIME_LIMIT_MS,
  );

  it('names the narrower side, of the old form and the new, and nothing for what only matters at a beginning', () => {
    const change = (fields: object): Change => ({ version: 1, at: 0, by: 'x', ...fields }) as Change;
    const grant = { id: 'g', operations: 'any', effect: 'allow', active: true } as const;
    const before = { ...grant, to: { user: 'ann' }, on: { type: 'host' } };
    const after = { ...grant, to: { role: 'ops' }, on: { resource: 'host:a' } };
    expect(touchedKeys(change({ noun: 'grant', key: 'g', before, after }))).toEqual(['user:ann', 'resource:host:a']);
    const quota = { id: 'q', of: 'everyone', periodMs: 1, quota: 1, overrun: 2, shape: 'exact' };
    expect(touchedKeys(change({ noun: 'quota', key: 'q', after: quota }))).toEqual([]);
  });
});

const withoutVersion = (key: string, value: unknown): unknown => (key === 'version' ? 0 : value);
