/** The commands, assembled. */
import { VERSION } from '@sallyport/core/model/version.js';
import { Command, Help } from 'commander';
import { common } from './command-options.js';
import { addAccountCommands } from './commands/account.js';
import { addAuditCommands } from './commands/audit.js';
import { addBlockCommands } from './commands/block.js';
import { addCompletionCommand } from './commands/completion.js';
import { addHostCommands } from './commands/host.js';
import { addLocalCommands } from './commands/local.js';
import { addLoginCommands } from './commands/login.js';
import { addRecordingCommands } from './commands/recording.js';
import { addRestoreCommand } from './commands/restore.js';
import { addServeCommands } from './commands/serve.js';
import { addSessionCommands } from './commands/session.js';
import { addSigningKeyCommands } from './commands/signing-key.js';
import { addUserCommands } from './commands/user.js';
import { print, printJson } from './terminal.js';

const EXAMPLES = `Examples:
  sallyport demo                                   try it, nothing is kept
  sallyport serve                                  run the gateway and print the setup link
  sallyport login                                  sign in from here
  sallyport host add web-01 root@10.0.0.4          add a host with an account
  sallyport session ls                             who is on which host
`;

export function createProgram(): Command {
  const program = new Command('sallyport')
    .description('Bastion host and access gateway for SSH: recorded, watchable, under control.')
    .version(VERSION, '--version', 'print the version')
    .addHelpText('before', EXAMPLES)
    .showSuggestionAfterError(true)
    .showHelpAfterError('See --help.')
    .configureHelp({ showGlobalOptions: false, styleTitle: (title) => title, helpWidth: 100 })
    .exitOverride();
  addServeCommands(program);
  addLocalCommands(program);
  addRestoreCommand(program);
  addLoginCommands(program);
  addHostCommands(program);
  addAccountCommands(program);
  addUserCommands(program);
  addSessionCommands(program);
  addBlockCommands(program);
  addRecordingCommands(program);
  addAuditCommands(program);
  addSigningKeyCommands(program);
  addCompletionCommand(program);
  common(program.command('version').description('print the version')).action((options: { json?: boolean }) => {
    if (options.json === true) printJson({ version: VERSION, node: process.versions.node });
    else print(VERSION);
  });
  overrideExits(program);
  return program;
}

/** Commander ends the process by itself otherwise, with its own codes. */
function overrideExits(command: Command): void {
  for (const one of command.commands) {
    one.exitOverride().showSuggestionAfterError(true).showHelpAfterError('See --help.');
    one.createHelp = () => Object.assign(new Help(), one.configureHelp(), { helpWidth: 100 });
    overrideExits(one);
  }
}
