import type { AccountAnswer } from '@sallyport/core/wire/api-answers.js';
import type { Command } from 'commander';
import { accountSecret, type SecretOptions, withSecret } from '../account-secret.js';
import { type CommonOptions, gatewayOf, remote } from '../command-options.js';
import { findHost } from '../finding.js';
import { printJson, tell } from '../terminal.js';

export function addAccountCommands(program: Command): void {
  const account = program.command('account').description('logins on hosts');
  remote(withSecret(account.command('add <host> <login>').description('add an account to a host')))
    .addHelpText('before', 'Example: sallyport account add web-01 root --key-file ~/.ssh/id_ed25519\n')
    .action(add);
}

async function add(name: string, login: string, options: CommonOptions & SecretOptions): Promise<void> {
  const gateway = gatewayOf(options);
  // A mistyped host is told before a password is asked for.
  const host = await findHost(gateway, name);
  const secret = await accountSecret(login, options);
  const account = await gateway.send<AccountAnswer>('POST', `hosts/${host.id}/accounts`, { login, secret });
  if (options.json === true) return printJson(account);
  tell(`Added account ${account.login} to ${host.name}.`);
  tell(`Next: sallyport host test ${host.name} --login ${account.login}`);
}
