/** What the file system refuses, as a sentence with a way on. */
import { dirname } from 'node:path';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';

type Use = 'read' | 'write';

export function isSystemError(error: unknown): error is NodeJS.ErrnoException & { readonly code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string';
}

export function fileFailure(use: Use, file: string, { code = 'failed' }: NodeJS.ErrnoException): Failure {
  const failure = (why: string, exitCode: number, next?: string): Failure =>
    new Failure(`Cannot ${use} ${file}: ${why}.`, exitCode, next);
  const folder = dirname(file);
  switch (code) {
    case 'ENOENT':
      return use === 'read'
        ? failure('there is no such file', EXIT.usage, 'Check the path.')
        : failure(
            `there is no directory ${folder}`,
            EXIT.usage,
            `Make it with “mkdir -p ${folder}”, or name another file.`,
          );
    case 'EISDIR':
      return failure('it is a directory', EXIT.usage, 'Name a file in it.');
    case 'ENOTDIR':
      return failure('a part of the path is not a directory', EXIT.usage, 'Check the path.');
    case 'EACCES':
    case 'EPERM':
      return failure(`this user may not ${use} it`, EXIT.failed, 'Name another file, or run it as a user who may.');
    case 'EROFS':
      return failure('the file system is read-only', EXIT.failed, 'Name a file elsewhere.');
    case 'ENOSPC':
    case 'EDQUOT':
      return failure('no space is left there', EXIT.failed, 'Free some, or name a file elsewhere.');
    default:
      return failure(code, EXIT.failed);
  }
}
