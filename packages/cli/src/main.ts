/** Entry of the command line: runs one command and turns what went wrong into words and an exit code. */

import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import { CommanderError } from 'commander';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { fileFailure, isSystemError } from './file-failure.js';
import { createProgram } from './program.js';
import { jsonText, paint, tell } from './terminal.js';

export async function main(argv: readonly string[] = process.argv): Promise<void> {
  // A reader that went away (`| head`) is not an error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.ok);
    throw error;
  });
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = report(error, argv.includes('--json'));
  }
}

export function report(caught: unknown, json: boolean): number {
  // A file that a command had no sentence of its own for.
  const error =
    isSystemError(caught) && caught.path !== undefined
      ? fileFailure(caught.code === 'ENOENT' ? 'read' : 'write', caught.path, caught)
      : caught;
  // Commander has said it already; help and version end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  const failure =
    error instanceof Failure ? error : new Failure(error instanceof Error ? error.message : String(error), EXIT.failed);
  const { message, next, exitCode, problem } = failure;
  if (json) {
    tell(jsonText({ ...(problem ?? { title: message, next }), exitCode }));
    return exitCode;
  }
  tell(`${paint('red', 'error:', process.stderr)} ${visibleLines(message)}`);
  if (next !== undefined) tell(`  ${visibleText(next)}`);
  return exitCode;
}

const visibleLines = (text: string): string => text.split('\n').map(visibleText).join('\n');
