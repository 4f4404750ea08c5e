/** Reads certificate and key, and checks at once that they belong together: not at the first visitor. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Config } from './settings.js';
import { StartRefusal } from './start-refusal.js';

export interface TlsFiles {
  readonly cert: string;
  readonly key: string;
}

export function readTlsFiles({
  tlsCert,
  tlsKey,
  tlsKeyPassphrase,
}: Pick<Config, 'tlsCert' | 'tlsKey' | 'tlsKeyPassphrase'>): TlsFiles | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  const cert = read('tlsCert', tlsCert);
  const key = read('tlsKey', tlsKey);
  const parsed = parse(`tlsKey: ${tlsKey} holds no private key that opens`, () =>
    createPrivateKey({ key, ...(tlsKeyPassphrase === undefined ? {} : { passphrase: tlsKeyPassphrase }) }),
  );
  const certificate = parse(`tlsCert: ${tlsCert} holds no certificate in PEM form`, () => new X509Certificate(cert));
  if (!certificate.checkPrivateKey(parsed)) throw new StartRefusal(`tlsKey: ${tlsKey} is not the key of ${tlsCert}`);
  return { cert, key: parsed.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

function read(name: string, file: string): string {
  return parse(`${name}: ${file} cannot be read`, () => readFileSync(file, 'utf8'));
}

function parse<T>(what: string, attempt: () => T): T {
  try {
    return attempt();
  } catch {
    // What OpenSSL says may quote the file.
    throw new StartRefusal(what);
  }
}
