/** The keys that sign recordings and heads. The private half never leaves the vault; these are the public ones. */
import { Readable } from 'node:stream';
import { signingKeyPem } from '@sallyport/core/evidence/signing-key.js';
import type { SigningKeysAnswer } from '@sallyport/core/wire/evidence-messages.js';
import { type Command, Option } from 'commander';
import {
  type CommonOptions,
  configOf,
  gatewayOf,
  remote,
  type SettingOptions,
  withSettings,
} from '../command-options.js';
import { type ExportOptions, writeExport } from '../export-file.js';
import { jsonText, print, printJson, printTable, tell } from '../terminal.js';

type Options = CommonOptions & SettingOptions;
type Key = SigningKeysAnswer['keys'][number];

export function addSigningKeyCommands(program: Command): void {
  const group = program.command('signing-key').description('the keys that sign recordings and the audit log');
  remote(group.command('ls').description('list public keys, the one in force last')).action(list);
  remote(
    group
      .command('export [file]')
      .description('write the public keys, for whoever is to verify: needs no sign-in')
      .addOption(new Option('--format <format>', 'how').choices(['jwk', 'pem']).default('jwk'))
      .option('--force', 'replace the file when it exists'),
  )
    .addHelpText('before', 'Example: sallyport signing-key export keys.jwk\n')
    .action(exportKeys);
  withSettings(
    remote(group.command('rotate').description('put a new key in force; with --data while no server runs')),
    ['data', 'masterKeyFile'],
  ).action(rotate);
}

const isoDay = (at: number | undefined): string => (at === undefined ? '' : new Date(at).toISOString().slice(0, 19));

const published = (options: Options): Promise<SigningKeysAnswer> =>
  gatewayOf(options).get<SigningKeysAnswer>('signing-keys');

async function list(options: Options): Promise<void> {
  const answer = await published(options);
  if (options.json === true) return printJson(answer);
  printTable(
    ['KEY', 'FROM', 'UNTIL'],
    answer.keys.map((key) => [
      key.kid,
      isoDay(key.validFrom),
      key.validUntil === undefined ? 'in force' : isoDay(key.validUntil),
    ]),
  );
}

async function exportKeys(
  file: string | undefined,
  options: Options & ExportOptions & { readonly format: string },
): Promise<void> {
  let count = 0;
  const written = await writeExport(file, options, async () => {
    const answer = await published(options);
    count = answer.keys.length;
    const pem = answer.keys.map(({ kid, x }) => signingKeyPem({ id: kid, x })).join('');
    return Readable.from([options.format === 'pem' ? pem : `${jsonText(answer, 2)}\n`]);
  });
  if (written !== undefined) tell(`Wrote ${count} public keys to ${file}. Hand it over apart from the recordings.`);
}

async function rotate(options: Options): Promise<void> {
  const local = (options.data ?? options.config) !== undefined;
  const key = local ? await rotateOnData(options) : await gatewayOf(options).send<Key>('POST', 'signing-keys/rotate');
  if (options.json === true) return printJson(key);
  print(key.kid);
  tell('This key signs from now on. The old public key stays published: what it signed is still verified with it.');
}

async function rotateOnData(options: Options): Promise<Key> {
  const [{ rotateSigningKeyOn }, { openExistingStores }] = await Promise.all([
    import('@sallyport/server/app/local-admin.js'),
    import('@sallyport/server/app/stores.js'),
  ]);
  const stores = await openExistingStores(configOf(options).values);
  try {
    return await rotateSigningKeyOn(stores);
  } finally {
    await stores.close();
  }
}
