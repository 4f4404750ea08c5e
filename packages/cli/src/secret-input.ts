/** Secrets come from a file, from standard input (`-`) or from a prompt without echo: never from an argument. */
import { readFileSync } from 'node:fs';
import { fileFailure, isSystemError } from './file-failure.js';
import { type Asking, askSecret } from './terminal.js';

/** One trailing newline is the editor's, not the secret's. */
export function secretFromFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw isSystemError(error) ? fileFailure('read', file, error) : error;
  }
}

export function secretInput(question: string, file: string | undefined, asking: Asking): Promise<string> {
  return file === undefined ? askSecret(question, '--password-file', asking) : Promise.resolve(secretFromFile(file));
}
