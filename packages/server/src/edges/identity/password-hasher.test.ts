import { expect, test } from 'vitest';
import { createPasswordHasher } from './password-hasher.js';

const A = { key: 'a', standing: 'proven' } as const;

test('W30: argon2id with 19 MiB and two passes; right, wrong and unknown', async () => {
  const hasher = createPasswordHasher('dummy');
  const hash = await hasher.hash(A, 'correct horse battery');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(await hasher.verify(A, hash, 'correct horse battery')).toBe(true);
  expect(await hasher.verify(A, hash, 'wrong')).toBe(false);
  expect(await hasher.verify(A, undefined, 'dummy')).toBe(false);
});

test('V39, F11: a source with a full line is refused, another source is served before the flood’s tail', async () => {
  const hasher = createPasswordHasher('dummy');
  const done: string[] = [];
  const flood = Array.from({ length: 30 }, async () => {
    const answer = await hasher.verify({ key: 'flood', standing: 'unknown' }, undefined, 'x');
    done.push(answer === undefined ? 'refused' : 'flood');
  });
  const good = hasher.verify({ key: 'good', standing: 'unknown' }, undefined, 'x').then(() => done.push('good'));
  await Promise.all([...flood, good]);
  expect(done.filter((one) => one === 'refused')).toHaveLength(24); // two at work, four in line
  const served = done.filter((one) => one !== 'refused');
  expect(served.at(-1)).toBe('flood');
  expect(served).toHaveLength(7);
});

test('V39, F11: with every queue full of two hundred strange sources, one that signed in before is served next', async () => {
  const hasher = createPasswordHasher('dummy');
  const done: string[] = [];
  const flood = Array.from({ length: 200 }, async (_, i) => {
    const answer = await hasher.verify(
      { key: `bot${i}`, standing: i % 2 === 0 ? 'suspect' : 'unknown' },
      undefined,
      'x',
    );
    done.push(answer === undefined ? 'refused' : 'flood');
  });
  const good = hasher.verify(A, undefined, 'x').then((answer) => done.push(answer === false ? 'good' : 'lost'));
  await good;
  expect(done.filter((one) => one === 'flood').length).toBeLessThanOrEqual(4);
  expect(done.at(-1)).toBe('good');
  await Promise.all(flood);
});
