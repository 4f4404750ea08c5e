/** Commands on the gateway's own machine: they open the data directory itself, so the file system is their authority. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import {
  type CommonOptions,
  common,
  configOf,
  type SettingOptions,
  wholeNumber,
  withSettings,
} from '../command-options.js';
import { EXIT } from '../exit-code.js';
import { refuseToReplace } from '../export-file.js';
import { Failure, failureOfProblem } from '../failure.js';
import { fileFailure, isSystemError } from '../file-failure.js';
import { secretInput } from '../secret-input.js';
import { paint, print, printJson, printTable, tell } from '../terminal.js';

type Options = CommonOptions & SettingOptions;

export function addLocalCommands(program: Command): void {
  withSettings(
    common(
      program
        .command('setup')
        .description('make the first administrator without the setup link')
        .requiredOption('--admin <name>', 'name of the administrator')
        .option('--display-name <text>', 'full name')
        .option('--password-file <file>', 'the password, at least 12 characters; - reads standard input'),
    ),
    ['data', 'masterKeyFile'],
  )
    .addHelpText('before', 'Example: sallyport setup --admin alice --password-file ./password\n')
    .action(setup);

  const token = program.command('token').description('API tokens');
  withSettings(
    common(
      token
        .command('create')
        .description('make an API token for a user, on the data directory')
        .requiredOption('--user <name>', 'whose rights the token has')
        .option('--name <text>', 'what it is for', 'command line')
        .option('--days <count>', 'how long it is good', wholeNumber('--days', 1, 366), 90),
    ),
    ['data', 'masterKeyFile'],
  )
    .addHelpText('before', 'Example: export SALLYPORT_TOKEN=$(sallyport token create --user alice)\n')
    .action(createToken);

  const vault = program.command('vault').description('secrets at rest');
  withSettings(common(vault.command('rotate').description('seal all secrets under a new master key')), [
    'data',
    'masterKeyFile',
  ]).action(rotate);

  withSettings(
    common(
      program
        .command('backup <file>')
        .description('write a consistent copy of the database, while the server runs or not'),
    ),
    ['data', 'masterKeyFile'],
  )
    .addHelpText('before', 'Example: sallyport backup sallyport-backup.db\n')
    .action(backup);

  const config = program.command('config').description('settings');
  withSettings(
    common(
      config.command('show').description('print every setting').option('--origin', 'and where its value came from'),
    ),
  ).action(showConfig);

  withSettings(common(program.command('doctor').description('check this machine, the settings and the data'))).action(
    doctor,
  );
}

async function withStores<T>(
  options: SettingOptions,
  use: (admin: typeof import('@sallyport/server/app/local-admin.js'), stores: Stores) => Promise<T>,
  open: 'openStores' | 'openExistingStores' = 'openExistingStores',
): Promise<T> {
  const config = configOf(options).values;
  const [admin, entry] = await Promise.all([
    import('@sallyport/server/app/local-admin.js'),
    import('@sallyport/server/app/stores.js'),
  ]);
  const stores = await entry[open](config);
  try {
    return await use(admin, stores);
  } finally {
    await stores.close();
  }
}
type Stores = Awaited<ReturnType<typeof import('@sallyport/server/app/stores.js').openStores>>;

interface SetupOptions {
  readonly admin: string;
  readonly displayName?: string;
  readonly passwordFile?: string;
}

async function setup(options: Options & SetupOptions): Promise<void> {
  const password = await secretInput(`Password for ${options.admin}`, options.passwordFile, options);
  const made = await withStores(
    options,
    (admin, stores) => admin.makeFirstAdministrator(stores, options.admin, options.displayName ?? '', password),
    'openStores',
  );
  if (!made.ok) throw failureOfProblem(made.problem, { name: '--admin' });
  if (options.json === true) return printJson(made.value);
  tell(`Administrator ${made.value.name} is set up. Sign in on the console, or with “sallyport login”.`);
}

async function createToken(
  options: Options & { readonly user: string; readonly name: string; readonly days: number },
): Promise<void> {
  const made = await withStores(options, (admin, stores) =>
    admin.makeToken(stores, options.user, options.name, options.days),
  );
  if (!made.ok) {
    if (made.problem.code !== 'not-found') throw failureOfProblem(made.problem, { name: '--name' });
    throw new Failure(`There is no user ${options.user}.`, EXIT.notFound, 'See “sallyport user ls”.');
  }
  const { row, token } = made.value;
  if (options.json === true) return printJson({ ...row, token });
  print(token);
  tell(`Good until ${new Date(row.expiresAt).toISOString().slice(0, 10)}. It is shown this once.`);
}

async function rotate(options: Options): Promise<void> {
  const count = await withStores(options, (admin, stores) => admin.rotateMasterKey(stores));
  if (options.json === true) return printJson({ resealed: count });
  tell(`Sealed ${count} secrets under a new master key. Copy the new key file to where you keep the old one.`);
}

async function backup(file: string, options: Options): Promise<void> {
  refuseToReplace(file);
  const written = await withStores(options, (admin, stores) => admin.writeBackup(stores, file)).catch(
    (error: unknown) => {
      throw isSystemError(error) && error.path?.startsWith(resolve(file)) ? fileFailure('write', file, error) : error;
    },
  );
  if (options.json === true) return printJson(written);
  tell(`Wrote ${written.database} and ${written.list} (${written.recordings} recordings, ${written.bytes} bytes).`);
  tell('Recordings are files that are never changed once sealed: copy the listed ones with rsync or cp.');
  tell('The master key is not in the backup. Without it stored secrets cannot be opened: keep a copy of it apart.');
}

async function showConfig(options: Options & { readonly origin?: boolean }): Promise<void> {
  const config = configOf(options);
  const { describeSettings } = await import('@sallyport/server/app/config.js');
  const rows = describeSettings(config);
  if (options.json === true) return printJson({ items: rows });
  const head = ['SETTING', 'VALUE', ...(options.origin === true ? ['ORIGIN'] : [])];
  printTable(
    head,
    rows.map(({ key, value, from }) => [key, value || undefined, ...(options.origin === true ? [from] : [])]),
  );
}

async function doctor(options: Options): Promise<void> {
  const config = configOf(options);
  const { examine } = await import('@sallyport/server/app/doctor.js');
  const findings = await examine(config.values);
  if (options.json === true) printJson({ items: findings });
  else {
    const color = { ok: 'green', warn: 'yellow', failed: 'red' } as const;
    for (const { name, state, detail, next } of findings) {
      print(`${paint(color[state], state.padEnd(6), process.stdout)}  ${name}: ${detail}`);
      if (state !== 'ok' && next !== undefined) print(`        ${next}`);
    }
  }
  const failed = findings.filter(({ state }) => state === 'failed').length;
  if (failed > 0) throw new Failure(`${failed} of ${findings.length} checks failed.`, EXIT.failed);
}
