import { expect, test } from 'vitest';
import { readPolicy, typedPolicy } from './typed-policy.js';

const policy = {
  rules: [
    { name: '生产', labels: { env: 'prod', team: 'db' }, days: 365, evenWhenFull: true },
    { name: 'all', labels: {}, evenWhenFull: false },
  ],
  maxBytes: 1.5e12,
};

test('a policy comes back from its form as it went in', () => {
  expect(readPolicy(typedPolicy(policy))).toEqual(policy);
  expect(readPolicy(typedPolicy({ rules: [] }))).toEqual({ rules: [] });
});

test('what cannot be read is not sent', () => {
  const { rules, goal } = typedPolicy(policy);
  const first = rules[0]!;
  for (const change of [{ days: '-1' }, { days: '1.5' }, { days: '99999' }, { labels: 'prod' }]) {
    expect(readPolicy({ rules: [{ ...first, ...change }], goal }), JSON.stringify(change)).toBeUndefined();
  }
  for (const wrong of ['0', 'much', '-5']) expect(readPolicy({ rules, goal: wrong })).toBeUndefined();
});
