import { expect, test } from 'vitest';
import { relativeParts } from './relative-time.js';

const now = 1_800_000_000_000;
const before = (seconds: number) => relativeParts(now - seconds * 1000, now);

test('tells near moments in the largest fitting unit', () => {
  expect(before(0)).toEqual({ value: 0, unit: 'second' });
  expect(before(9)).toEqual({ value: 0, unit: 'second' });
  expect(before(42)).toEqual({ value: -42, unit: 'second' });
  expect(before(60)).toEqual({ value: -1, unit: 'minute' });
  expect(before(59 * 60)).toEqual({ value: -59, unit: 'minute' });
  expect(before(60 * 60)).toEqual({ value: -1, unit: 'hour' });
  expect(before(23 * 3600)).toEqual({ value: -23, unit: 'hour' });
});

test('leaves a day and more to the date', () => {
  expect(before(24 * 3600)).toBeUndefined();
  expect(before(400 * 24 * 3600)).toBeUndefined();
});

test('also tells the future', () => {
  expect(before(-120)).toEqual({ value: 2, unit: 'minute' });
});
