import type { Command } from 'commander';
import { configOf, type SettingOptions, wholeNumber, withSettings } from '../command-options.js';
import { Failure } from '../failure.js';

export function addServeCommands(program: Command): void {
  withSettings(program.command('serve').description('run the gateway'))
    .addHelpText('before', 'Example: sallyport serve --data ./data --http 127.0.0.1:8080\n')
    .action(serve);
  program
    .command('demo')
    .description('try it: loopback only, sample users, a demo target, data thrown away on exit')
    .option('--port <port>', 'port of the console on 127.0.0.1', wholeNumber('--port', 0, 65_535), 8080)
    .action(demo);
}

async function serve(options: SettingOptions): Promise<void> {
  const config = configOf(options);
  const { runServer } = await import('@sallyport/server/app/main.js');
  process.exitCode = await orFailure(runServer(config));
}

async function demo(options: { readonly port: number }): Promise<void> {
  const { runDemo } = await import('@sallyport/server/app/demo.js');
  process.exitCode = await orFailure(runDemo(options.port));
}

/** What stops a start is a sentence for the operator, not a stack. */
async function orFailure(run: Promise<{ exitCode: number; mistake?: string; next?: string }>): Promise<number> {
  const { exitCode, mistake, next } = await run;
  if (mistake !== undefined) throw new Failure(mistake, exitCode, next);
  return exitCode;
}
