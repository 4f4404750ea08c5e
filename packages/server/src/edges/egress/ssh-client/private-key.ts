import { createPrivateKey, type KeyObject } from 'node:crypto';
import { fail, ok, type Problem, type Result } from '@sallyport/core/model/problem.js';
import ssh2, { type ParsedKey } from 'ssh2';
import type { KeyInspector } from '../../../gateway/ports/key-inspector.js';
import { fingerprintOf } from './host-key.js';
import { unlockKey } from './key-unlocking.js';
import { edwardsKeyAsOpenSsh, kdfRounds, rsaBits } from './openssh-format.js';

/** A key of 16384 bits is 13 KB of text. */
const KEY_TEXT_MAX = 64 * 1024;
/** OpenSSH writes 16 or 24, half a second of work; a pasted key must not choose millions. */
const KDF_ROUNDS_MAX = 256;
const RSA_BITS_MIN = 2048;
const RSA_BITS_MAX = 16_384;

const invalid = (detail: string): { ok: false; problem: Problem } => fail('secret.invalid', { detail });

/** Takes OpenSSH, PKCS#1, SEC1, PKCS#8 and PuTTY (version 2) text. */
export async function parsePrivateKey(text: string, passphrase?: string): Promise<Result<ParsedKey>> {
  if (text.length > KEY_TEXT_MAX) return invalid('this is too long for a private key');
  const pem = text.replace(/\r\n?/g, '\n').trim();
  const rounds = kdfRounds(pem);
  if (rounds > KDF_ROUNDS_MAX) return invalid('its passphrase protection uses too many rounds');
  const isLocked = rounds > 0 || /ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED|^Encryption: aes/m.test(pem);
  if (!isLocked) return parseOpen(pem);
  if (passphrase === undefined || passphrase === '') return invalid('it needs its passphrase');
  const unlocked = await unlockKey(pem, passphrase);
  if ('pem' in unlocked) return parseOpen(unlocked.pem);
  return invalid(
    unlocked.error === 'takes too long' ? 'its passphrase takes too long to check' : 'the passphrase is wrong',
  );
}

export const inspectPrivateKey: KeyInspector = async (text, passphrase) => {
  const parsed = await parsePrivateKey(text, passphrase);
  if (!parsed.ok) return parsed;
  return ok({ algorithm: parsed.value.type, fingerprint: fingerprintOf(parsed.value.getPublicSSH()) });
};

function parseOpen(pem: string): Result<ParsedKey> {
  const parsed = /^-----BEGIN PRIVATE KEY-----/m.test(pem) ? parsePkcs8(pem) : parseByLibrary(pem);
  return parsed.ok ? checkStrength(parsed.value) : parsed;
}

function parseByLibrary(pem: string): Result<ParsedKey> {
  let found: ParsedKey | Error | readonly ParsedKey[];
  try {
    found = ssh2.utils.parseKey(pem) as ParsedKey | Error | readonly ParsedKey[];
  } catch {
    return invalid('the key is damaged');
  }
  if (found instanceof Error) {
    return invalid(/malformed/i.test(found.message) ? 'the key is damaged' : 'this is not a key in a format we read');
  }
  const [key] = [found].flat() as readonly (ParsedKey | undefined)[];
  if (!key) return invalid('the file holds no key');
  if (!key.isPrivateKey()) return invalid('this is a public key; paste the private one');
  return ok(key);
}

/** The library reads no PKCS#8: Node does, and writes what the library reads. */
function parsePkcs8(pem: string): Result<ParsedKey> {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    return invalid('the key is damaged');
  }
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return parseByLibrary(String(key.export({ type: 'pkcs1', format: 'pem' })));
    case 'ec':
      return parseByLibrary(String(key.export({ type: 'sec1', format: 'pem' })));
    case 'ed25519':
      return parseByLibrary(edwardsKeyAsOpenSsh(key));
    default:
      return invalid(`keys of type ${key.asymmetricKeyType ?? 'unknown'} are not used in SSH`);
  }
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
