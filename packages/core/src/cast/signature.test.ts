/** The published format, checked by somebody else's code: the worked example with openssl and Python, no line of ours. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { HEADER, sha256, signedRecording, testKey } from '../../test/signed-recording.js';
import { readSigningKeys, signingKeyJwk, signingKeyPem } from '../evidence/signing-key.js';
import { signedMessage } from './signature.js';

const folder = mkdtempSync(join(tmpdir(), 'sallyport-signature-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string): string => join(folder, name);

/** The example of docs/formats/recording.md: key of 32 bytes 07, one piece of output, signature at the end. */
const example = async () => signedRecording(await testKey(7), [Buffer.from('hi')]);

it('the example in docs/formats/recording.md is what the code writes', async () => {
  const { bytes, places } = await example();
  const page = readFileSync(new URL('../../../../docs/formats/recording.md', import.meta.url), 'utf8');
  const [, hex = ''] = /## Example of a signature[\s\S]*?```\n([0-9a-f\n]+)```/.exec(page) ?? [];
  const chunk = bytes.subarray(places.at(-2), places.at(-1));
  expect(hex.replaceAll('\n', '')).toBe(Buffer.from(chunk).toString('hex'));
  expect(page).toContain((await testKey(7)).key.id);
  expect(page).toContain((await testKey(7)).key.x);
});

it('openssl verifies it by the page’s recipe', async () => {
  const { bytes, places } = await example();
  const { key } = await testKey(7);
  const chunk = Buffer.from(bytes.subarray(places.at(-2), places.at(-1)));
  // As the page says, in bytes: tag, length of the id, id, the chunk up to the signature.
  const id = Buffer.from(HEADER.sessionId);
  const head = chunk.readUInt16BE(6);
  const message = Buffer.concat([
    Buffer.from('sallyport recording signature v1'),
    Buffer.from([0, id.length]),
    id,
    chunk.subarray(0, head + 48),
  ]);
  writeFileSync(at('message'), message);
  writeFileSync(at('signature'), chunk.subarray(head + 48, head + 112));
  writeFileSync(at('key.pem'), signingKeyPem(key));
  const verify = [
    'pkeyutl',
    '-verify',
    '-pubin',
    '-inkey',
    at('key.pem'),
    '-rawin',
    '-in',
    at('message'),
    '-sigfile',
    at('signature'),
  ];
  expect(execFileSync('openssl', verify, { encoding: 'utf8' })).toContain('Signature Verified Successfully');
  writeFileSync(at('message'), Buffer.concat([message, Buffer.from('x')]));
  expect(() => execFileSync('openssl', verify, { stdio: 'pipe' })).toThrow();
  expect(Buffer.from(signedMessage(HEADER.sessionId, chunk))).toEqual(message);
});

it('openssl reads the key as published, and it is read back from each form', async () => {
  const { key } = await testKey(7, { from: 1, until: 2 });
  writeFileSync(at('key.pem'), signingKeyPem(key));
  const text = execFileSync('openssl', ['pkey', '-pubin', '-in', at('key.pem'), '-noout', '-text'], {
    encoding: 'utf8',
  });
  expect(text.replace(/[\s:]/g, '')).toContain(Buffer.from(key.x, 'base64url').toString('hex'));
  const { from: _, until: __, ...bare } = key;
  expect(await readSigningKeys(signingKeyPem(key), sha256)).toEqual([bare]);
  expect(await readSigningKeys(signingKeyPem(key) + signingKeyPem(key), sha256)).toHaveLength(2);
  expect(await readSigningKeys(JSON.stringify(signingKeyJwk(key)), sha256)).toEqual([key]);
  expect(await readSigningKeys(JSON.stringify({ keys: [signingKeyJwk(key)] }), sha256)).toEqual([key]);
});

it.each([
  ['', 'neither JSON nor PEM'],
  ['null', 'not a JSON Web Key'],
  ['{"keys":{}}', 'not a JWK Set'],
  ['{"keys":[]}', 'it holds no key'],
  ['{"kty":"RSA"}', 'not an Ed25519 key'],
  ['{"kty":"OKP","crv":"Ed25519","x":"AAAA"}', 'an Ed25519 key has 32 bytes'],
  ['{"kty":"OKP","crv":"Ed25519","x":"AAAA","d":"AAAA"}', 'it holds a private key; never hand that out'],
  ['-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----', 'it holds a private key; never hand that out'],
  ['-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----', 'not an Ed25519 key'],
  ['-----BEGIN CERTIFICATE-----', 'it holds no public key'],
])('a file that holds %j is refused: %s', async (content, why) => {
  expect(await readSigningKeys(content, sha256)).toBe(why);
});
