/** Entry of the command line: runs one command and turns what went wrong into words and an exit code. */

import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import { CommanderError } from 'commander';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
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

export function report(error: unknown, json: boolean): number {
  // Commander has said it already; help and version end with 0.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
  if (!(error instanceof Failure)) {
    tell(
      `${paint('red', 'error:', process.stderr)} ${visibleLines(error instanceof Error ? error.message : String(error))}`,
    );
    return EXIT.failed;
  }
  if (json) {
    const { message, next, exitCode } = error;
    tell(jsonText(error.problem ?? { title: message, next, status: exitCode }));
    return error.exitCode;
  }
  tell(`${paint('red', 'error:', process.stderr)} ${visibleLines(error.message)}`);
  if (error.next !== undefined) tell(`  ${visibleText(error.next)}`);
  return error.exitCode;
}

const visibleLines = (text: string): string => text.split('\n').map(visibleText).join('\n');
