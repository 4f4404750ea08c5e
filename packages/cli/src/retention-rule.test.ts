import { describe, expect, it } from 'vitest';
import { readRule, readSize, ruleText, sizeText } from './retention-rule.js';

describe('a rule as it is typed', () => {
  it.each([
    ['all: 30d', { name: 'all', labels: {}, days: 30, evenWhenFull: false }],
    [
      'prod: env=prod team=db 365d even-when-full',
      { name: 'prod', labels: { env: 'prod', team: 'db' }, days: 365, evenWhenFull: true },
    ],
    ['生产 机房: env=prod for-ever', { name: '生产 机房', labels: { env: 'prod' }, evenWhenFull: false }],
  ])('%s', (text, rule) => {
    expect(readRule(text)).toEqual(rule);
    expect(ruleText(rule)).toBe(text);
  });

  it.each(['30d', ': 30d', 'all:', 'all: env=prod', 'all: 30', 'all: 30d 40d', 'all: forever'])(
    'refuses %s',
    (text) => {
      expect(() => readRule(text)).toThrow(/--rule/);
    },
  );
});

it('sizes read and write alike', () => {
  expect([readSize('500GB'), readSize('1.5 TB')]).toEqual([5e11, 1.5e12]);
  expect([sizeText(5e11), sizeText(1.5e12), sizeText(584)]).toEqual(['500 GB', '1.5 TB', '584 B']);
  expect(() => readSize('500')).toThrow(/--max-size/);
});
