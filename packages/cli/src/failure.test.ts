import { problem } from '@sallyport/core/model/problem.js';
import { expect, test } from 'vitest';
import { EXIT } from './exit-code.js';
import { failureOf, failureOfProblem } from './failure.js';
import { fileFailure, isSystemError } from './file-failure.js';

const invalid = (fields: { path: string; message: string }[]) => ({
  type: 'urn:sallyport:problem:request.invalid',
  title: 'The request is not valid: ...',
  status: 400,
  code: 'request.invalid',
  next: '',
  params: {},
  fields,
});

test.each([
  ['displayName', 'must not contain control or invisible characters', '--display-name must not contain control'],
  ['port', 'must be a whole number from 1 to 65535', 'The port must be a whole number from 1 to 65535.'],
  ['secret.privateKey', 'must not be empty', '--key-file must not be empty.'],
  ['labels.a b', 'must be named with 1 to 63 letters', '--label a b must be named'],
  ['', 'takes no field x', 'The request takes no field x.'],
  ['fieldOfNextYear', 'is missing', 'FieldOfNextYear is missing.'],
])('a field the gateway refused is named as the option it came from: %s', (path, message, said) => {
  const failure = failureOf(invalid([{ path, message }]));
  expect(failure.message).toContain(said);
  expect(failure.exitCode).toBe(EXIT.usage);
});

test('a local command names its own options', () => {
  const detail = 'name must have 1 to 64 characters; displayName must have at most 128 characters';
  const failure = failureOfProblem(problem('request.invalid', { detail }), { name: '--admin' });
  expect(failure.message).toBe(
    '--admin must have 1 to 64 characters; --display-name must have at most 128 characters.',
  );
  expect(failure.exitCode).toBe(EXIT.usage);
});

test('no error of the file system is shown as its code alone', () => {
  for (const code of ['ENOENT', 'EISDIR', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT']) {
    for (const use of ['read', 'write'] as const) {
      const { message, next } = fileFailure(use, '/data/x.db', { name: '', message: '', code });
      expect(message).toContain(`Cannot ${use} /data/x.db: `);
      expect(message).not.toContain(code);
      expect(next).toBeDefined();
    }
  }
  expect(isSystemError(new Error('x'))).toBe(false);
});
