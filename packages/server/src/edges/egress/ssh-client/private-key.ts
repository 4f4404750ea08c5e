import { createPrivateKey, type KeyObject } from 'node:crypto';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import ssh2, { type ParsedKey } from 'ssh2';
import type { KeyInspector } from '../../../gateway/ports/key-inspector.js';
import { fingerprintOf } from './host-key.js';
import { edwardsKeyAsOpenSsh, kdfRounds, rsaBits } from './openssh-format.js';

/** A key of 16384 bits is 13 KB of text. */
const KEY_TEXT_MAX = 64 * 1024;
/** OpenSSH writes 16 or 24; the derivation runs on the event loop, so a pasted key must not choose millions. */
const KDF_ROUNDS_MAX = 256;
const RSA_BITS_MIN = 2048;
const RSA_BITS_MAX = 16_384;

const invalid = (detail: string): { ok: false; problem: ReturnType<typeof fail>['problem'] } =>
  fail('secret.invalid', { detail });

/** Takes OpenSSH, PKCS#1, SEC1, PKCS#8 and PuTTY (version 2) text. */
export function parsePrivateKey(text: string, passphrase?: string): Result<ParsedKey> {
  if (text.length > KEY_TEXT_MAX) return invalid('this is too long for a private key');
  const pem = text.replace(/\r\n?/g, '\n').trim();
  if (kdfRounds(pem) > KDF_ROUNDS_MAX) return invalid('its passphrase protection uses too many rounds');
  const secret = passphrase === '' ? undefined : passphrase;
  const parsed = /^-----BEGIN (ENCRYPTED )?PRIVATE KEY-----/m.test(pem)
    ? parsePkcs8(pem, secret)
    : parseByLibrary(pem, secret);
  if (!parsed.ok) return parsed;
  return checkStrength(parsed.value);
}

export const inspectPrivateKey: KeyInspector = (text, passphrase) => {
  const parsed = parsePrivateKey(text, passphrase);
  if (!parsed.ok) return parsed;
  return ok({ algorithm: parsed.value.type, fingerprint: fingerprintOf(parsed.value.getPublicSSH()) });
};

function parseByLibrary(pem: string, passphrase: string | undefined): Result<ParsedKey> {
  let found: ParsedKey | Error | readonly ParsedKey[];
  try {
    found = ssh2.utils.parseKey(pem, passphrase) as ParsedKey | Error | readonly ParsedKey[];
  } catch {
    return invalid('this is not a key in a format we read');
  }
  if (found instanceof Error) return invalid(plainReason(found.message, passphrase));
  const key = Array.isArray(found) ? (found as readonly ParsedKey[])[0] : (found as ParsedKey);
  if (!key) return invalid('the file holds no key');
  if (!key.isPrivateKey()) return invalid('this is a public key; paste the private one');
  return ok(key);
}

function parsePkcs8(pem: string, passphrase: string | undefined): Result<ParsedKey> {
  let key: KeyObject;
  try {
    key = createPrivateKey(passphrase === undefined ? { key: pem } : { key: pem, passphrase });
  } catch {
    if (!pem.includes('ENCRYPTED')) return invalid('the key is damaged');
    return invalid(passphrase === undefined ? 'it needs its passphrase' : 'the passphrase is wrong');
  }
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return parseByLibrary(String(key.export({ type: 'pkcs1', format: 'pem' })), undefined);
    case 'ec':
      return parseByLibrary(String(key.export({ type: 'sec1', format: 'pem' })), undefined);
    case 'ed25519':
      return parseByLibrary(edwardsKeyAsOpenSsh(key), undefined);
    default:
      return invalid(`keys of type ${key.asymmetricKeyType ?? 'unknown'} are not used in SSH`);
  }
}

function plainReason(message: string, passphrase: string | undefined): string {
  if (/no passphrase given/i.test(message)) return 'it needs its passphrase';
  if (/bad passphrase|integrity check failed|bad decrypt|failed to decrypt/i.test(message)) {
    return 'the passphrase is wrong';
  }
  if (/malformed/i.test(message)) return passphrase === undefined ? 'the key is damaged' : 'the passphrase is wrong';
  return 'this is not a key in a format we read';
}

function checkStrength(key: ParsedKey): Result<ParsedKey> {
  const type: string = key.type;
  if (type === 'ssh-ed25519' || /^ecdsa-sha2-nistp(256|384|521)$/.test(type)) return ok(key);
  if (type !== 'ssh-rsa') return invalid(`keys of type ${type} are not accepted`);
  const bits = rsaBits(key.getPublicSSH());
  if (bits < RSA_BITS_MIN) return invalid(`an RSA key of ${bits} bits is too short; ${RSA_BITS_MIN} is the least`);
  if (bits > RSA_BITS_MAX) return invalid(`an RSA key of ${bits} bits is too long`);
  return ok(key);
}
