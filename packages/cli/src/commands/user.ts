import { ROLES, type Role } from '@sallyport/core/model/role.js';
import type { Page, UserAnswer } from '@sallyport/core/wire/api-answers.js';
import { type Command, Option } from 'commander';
import { type CommonOptions, gatewayOf, remote } from '../command-options.js';
import { findUser } from '../finding.js';
import { secretInput } from '../secret-input.js';
import { printJson, printTable, tell } from '../terminal.js';

interface AddOptions extends CommonOptions {
  readonly role: Role;
  readonly displayName?: string;
  readonly passwordFile?: string;
}

export function addUserCommands(program: Command): void {
  const user = program.command('user').description('people who sign in');
  remote(user.command('ls').description('list users')).action(list);
  remote(
    user
      .command('add <name>')
      .description('add a user')
      .addOption(new Option('--role <role>', 'what the user may do').choices(ROLES).default('operator'))
      .option('--display-name <text>', 'full name')
      .option('--password-file <file>', 'the first password; - reads standard input'),
  )
    .addHelpText('before', 'Example: sallyport user add alice --role operator\n')
    .action(add);
  remote(
    user.command('reset-totp <name>').description('turn off the TOTP of a user who lost the authenticator'),
  ).action(resetTotp);
}

async function list(options: CommonOptions): Promise<void> {
  const { items } = await gatewayOf(options).get<Page<UserAnswer>>('users');
  if (options.json === true) return printJson({ items });
  printTable(
    ['NAME', 'FULL NAME', 'ROLE', 'TOTP', 'STATE'],
    items.map((user) => [
      user.name,
      user.displayName || undefined,
      user.role,
      user.totpEnabled ? 'on' : 'off',
      user.active ? 'active' : 'switched off',
    ]),
  );
}

async function add(name: string, options: AddOptions): Promise<void> {
  const password = await secretInput(`Password for ${name}`, options.passwordFile, options);
  const user = await gatewayOf(options).send<UserAnswer>('POST', 'users', {
    name,
    displayName: options.displayName ?? '',
    role: options.role,
    password,
  });
  if (options.json === true) return printJson(user);
  tell(`Added ${user.name} as ${user.role}.`);
}

async function resetTotp(name: string, options: CommonOptions): Promise<void> {
  const gateway = gatewayOf(options);
  const user = await findUser(gateway, name);
  if (user.totpEnabled) await gateway.send<void>('DELETE', `users/${user.id}/totp`);
  if (options.json === true) return printJson({ ...user, totpEnabled: false });
  tell(user.totpEnabled ? `TOTP of ${user.name} is off.` : `${user.name} has no TOTP.`);
}
