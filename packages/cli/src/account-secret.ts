/** The secret of an account on a host, from files or asked for. */
import type { Command } from 'commander';
import { usage } from './failure.js';
import { secretFromFile, secretInput } from './secret-input.js';
import type { Asking } from './terminal.js';

export interface SecretOptions {
  readonly passwordFile?: string;
  readonly keyFile?: string;
  readonly passphraseFile?: string;
}

export function withSecret(command: Command): Command {
  return command
    .option('--password-file <file>', 'the account’s password; - reads standard input')
    .option('--key-file <file>', 'the account’s private key')
    .option('--passphrase-file <file>', 'passphrase of the key');
}

export const namesSecret = ({ passwordFile, keyFile, passphraseFile }: SecretOptions): boolean =>
  (passwordFile ?? keyFile ?? passphraseFile) !== undefined;

/** As the API takes it. Asks for a password when no file is named. */
export async function accountSecret(login: string, options: SecretOptions & Asking): Promise<unknown> {
  const { passwordFile, keyFile, passphraseFile } = options;
  if (passwordFile !== undefined && keyFile !== undefined) {
    throw usage('An account has one secret', 'Give --password-file or --key-file, not both.');
  }
  if (keyFile === undefined) {
    if (passphraseFile !== undefined) throw usage('--passphrase-file goes with --key-file', 'See --help.');
    return { kind: 'password', password: await secretInput(`Password of ${login}`, passwordFile, options) };
  }
  const passphrase = passphraseFile === undefined ? {} : { passphrase: secretFromFile(passphraseFile) };
  return { kind: 'key', privateKey: secretFromFile(keyFile), ...passphrase };
}
