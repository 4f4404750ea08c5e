import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readTlsFiles } from './tls-files.js';

let home: string;
const at = (name: string): string => join(home, name);
const PASSPHRASE = 'canary-4711';

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-tls-'));
  for (const [name, ...how] of [
    ['plain', '-nodes'],
    ['locked', '-passout', `pass:${PASSPHRASE}`],
  ]) {
    const files = ['-keyout', at(`${name}.key`), '-out', at(`${name}.crt`)];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    execFileSync('openssl', ['req', '-x509', ...curve, ...how, ...files, '-subj', '/CN=localhost', '-days', '1'], {
      stdio: 'ignore',
    });
  }
  writeFileSync(at('text'), 'not a key, but secret all the same');
});
afterAll(() => rmSync(home, { recursive: true }));

const read = (cert: string, key: string, tlsKeyPassphrase?: string) =>
  readTlsFiles({ tlsCert: at(cert), tlsKey: at(key), tlsKeyPassphrase });

test('without files there is no TLS', () => {
  expect(readTlsFiles({ tlsCert: undefined, tlsKey: undefined, tlsKeyPassphrase: undefined })).toBeUndefined();
});

test('a key with a passphrase is opened once, at the start', () => {
  expect(read('plain.crt', 'plain.key')?.cert).toContain('BEGIN CERTIFICATE');
  const opened = read('locked.crt', 'locked.key', PASSPHRASE);
  expect(createPrivateKey(opened!.key).asymmetricKeyType).toBe('ec');
});

test('what does not fit stops the start with a sentence that quotes nothing of the files', () => {
  const refusals = [
    () => read('plain.crt', 'locked.key', PASSPHRASE),
    () => read('locked.crt', 'locked.key', 'wrong'),
    () => read('locked.crt', 'locked.key'),
    () => read('text', 'plain.key'),
    () => read('plain.crt', 'text'),
    () => read('nowhere', 'plain.key'),
  ];
  for (const refusal of refusals) {
    expect(refusal).toThrow(/^tls(Cert|Key): /);
    expect(refusal).not.toThrow(/canary|secret/);
  }
});
