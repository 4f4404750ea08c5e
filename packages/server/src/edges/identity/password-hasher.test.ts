import { expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.js';

test('W30: argon2id with 19 MiB and two passes; right, wrong and unknown', async () => {
  const hasher = createPasswordHasher('dummy');
  const hash = await hasher.hash('a', 'correct horse battery');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hasher.verify('a', hash, 'correct horse battery')).toBe(true);
  expect(await hasher.verify('a', hash, 'wrong')).toBe(false);
  expect(await hasher.verify('a', undefined, 'dummy')).toBe(false);
});

test('V39, F11: a source with a full line is refused, another source is served before the flood’s tail', async () => {
  const hasher = createPasswordHasher('dummy');
  const done: string[] = [];
  const flood = Array.from({ length: 30 }, async () => {
    const answer = await hasher.verify('flood', undefined, 'x');
    done.push(answer === undefined ? 'refused' : 'flood');
  });
  const good = hasher.verify('good', undefined, 'x').then(() => done.push('good'));
  await Promise.all([...flood, good]);
  expect(done.filter((one) => one === 'refused')).toHaveLength(24); // two at work, four in line
  const served = done.filter((one) => one !== 'refused');
  expect(served.indexOf('good')).toBeLessThan(5);
  expect(served).toHaveLength(7);
});
