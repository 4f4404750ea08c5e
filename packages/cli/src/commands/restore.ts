/** `sallyport restore`: a backup into an empty data directory of this machine. */
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import type { Command } from 'commander';
import { type CommonOptions, common, configOf, type SettingOptions, withSettings } from '../command-options.js';
import { EXIT } from '../exit-code.js';
import { Failure } from '../failure.js';
import { fileFailure, isSystemError } from '../file-failure.js';
import { print, printJson, tell } from '../terminal.js';

type RestoreOptions = CommonOptions & SettingOptions & { readonly recordings?: string; readonly key?: string };

export function addRestoreCommand(program: Command): void {
  withSettings(
    common(
      program
        .command('restore <file>')
        .description('put a backup into an empty data directory, and check that all of it fits together')
        .option('--recordings <folder>', 'the folder that the recordings were copied to')
        .option('--key <file>', 'the copy of the master key'),
    ),
    ['data', 'masterKeyFile'],
  )
    .addHelpText(
      'before',
      'Example: sallyport restore ./sallyport-backup.db --recordings ./recordings --key ./master.key --data ./new\n',
    )
    .action(restore);
}

async function restore(file: string, options: RestoreOptions): Promise<void> {
  const { restoreBackup } = await import('@sallyport/server/app/restore.js');
  const { recordings, key } = options;
  const from = {
    database: file,
    ...(recordings === undefined ? {} : { recordings }),
    ...(key === undefined ? {} : { masterKey: key }),
  };
  const done = await restoreBackup(configOf(options).values, from).catch((error: unknown) => {
    if (isSystemError(error) && [file, recordings, key].some((path) => path !== undefined && error.path === path))
      throw fileFailure('read', error.path ?? file, error);
    throw error;
  });
  const { missing, integrity } = done;
  if (options.json === true) printJson(done);
  else {
    tell(`Restored ${done.data}: ${integrity.audit.entries} audit entries, ${done.recordings} recordings.`);
    for (const path of missing) print(`missing  ${visibleText(path)}`);
    for (const { kind, detail } of integrity.findings) print(`${kind}  ${visibleText(detail)}`);
  }
  if (missing.length > 0 || !integrity.ok)
    throw new Failure(
      `${missing.length + integrity.findings.length} things of the backup are missing or do not fit together.`,
      EXIT.conflict,
      'What could be restored was. Compare with “sallyport audit verify”, or copy the missing recordings and restore again.',
    );
  tell('Everything fits together. Start it with “sallyport serve”.');
}
