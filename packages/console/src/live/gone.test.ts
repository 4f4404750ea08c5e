import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { expect, it } from 'vitest';
import { goneAfter } from './gone.js';

const rows = (...ids: string[]): SessionAnswer[] => ids.map((id) => ({ id, state: 'live' }) as SessionAnswer);

it('S27: what ends while one looks stays in sight, and is no longer live', () => {
  const none = new Map<string, SessionAnswer>();
  expect(goneAfter(none, rows('a', 'b'), rows('a', 'b'))).toBe(none);
  const one = goneAfter(none, rows('a', 'b'), rows('a'));
  expect([...one.values()]).toEqual([{ id: 'b', state: 'ending' }]);
  expect(goneAfter(one, rows('a'), rows('a'))).toBe(one);
  expect([...goneAfter(one, rows('a'), rows('a', 'b')).keys()]).toEqual([]);
});

it('keeps only so many', () => {
  const many = Array.from({ length: 50 }, (_, at) => `s${at}`);
  expect(goneAfter(new Map(), rows(...many), []).size).toBe(12);
});
