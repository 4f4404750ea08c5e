/**
 * The public half of a key that signs evidence: Ed25519, named by its JWK thumbprint (RFC 7638, RFC 8037), so that
 * anybody can compute the name from the key. Published as a JWK Set, read back from a JWK, a set, or PEM (RFC 8410).
 * Rival: X.509; it says who a key belongs to, which no certificate authority here could know better than the operator
 * who exported it.
 */
import { fromBase64url, toBase64url } from './base64url.js';

export interface SigningKey {
  /** Thumbprint, 43 characters of base64url. */
  readonly id: string;
  /** The 32 bytes, base64url. */
  readonly x: string;
  /** UTC ms from and until which it signs; until absent: in force. Absent when only the bare key is known. */
  readonly from?: number;
  readonly until?: number;
}
export interface SigningKeyJwk {
  readonly kty: 'OKP';
  readonly crv: 'Ed25519';
  readonly x: string;
  readonly kid: string;
  readonly use: 'sig';
  readonly alg: 'EdDSA';
  readonly validFrom?: number;
  readonly validUntil?: number;
}
export const KEY_BYTES = 32;
export const KEY_ID_BYTES = 32;
/** SubjectPublicKeyInfo of an Ed25519 key is this and the 32 bytes. */
const SPKI_HEAD = Uint8Array.of(0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00);

/** What is hashed for a key's name. */
export const thumbprintText = (x: string): string => `{"crv":"Ed25519","kty":"OKP","x":"${x}"}`;

export async function signingKeyOf(
  publicKey: Uint8Array,
  sha256: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>,
  validity: Pick<SigningKey, 'from' | 'until'> = {},
): Promise<SigningKey> {
  const x = toBase64url(publicKey);
  return { id: toBase64url(await sha256(new TextEncoder().encode(thumbprintText(x)))), x, ...validity };
}

export function signingKeyJwk({ id, x, from, until }: SigningKey): SigningKeyJwk {
  return {
    kty: 'OKP',
    crv: 'Ed25519',
    x,
    kid: id,
    use: 'sig',
    alg: 'EdDSA',
    ...(from === undefined ? {} : { validFrom: from }),
    ...(until === undefined ? {} : { validUntil: until }),
  };
}

export function signingKeyPem({ x }: SigningKey): string {
  const spki = new Uint8Array(SPKI_HEAD.length + KEY_BYTES);
  spki.set(SPKI_HEAD);
  spki.set(fromBase64url(x) ?? new Uint8Array(KEY_BYTES), SPKI_HEAD.length);
  const body = toBase64url(spki).replaceAll('-', '+').replaceAll('_', '/');
  return `-----BEGIN PUBLIC KEY-----\n${body.padEnd(Math.ceil(body.length / 4) * 4, '=')}\n-----END PUBLIC KEY-----\n`;
}

/** Public keys from the text of a file: a JWK, a JWK Set, or PEM blocks. A string says why there are none. */
export async function readSigningKeys(
  text: string,
  sha256: (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>,
): Promise<readonly SigningKey[] | string> {
  if (text.includes('-----BEGIN')) return await readPem(text, sha256);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'neither JSON nor PEM';
  }
  const listed = value !== null && typeof value === 'object' && 'keys' in value ? value.keys : [value];
  if (!Array.isArray(listed)) return 'not a JWK Set';
  const keys: SigningKey[] = [];
  for (const one of listed as unknown[]) {
    const key = await readJwk(one, sha256);
    if (typeof key === 'string') return key;
    keys.push(key);
  }
  return keys.length === 0 ? 'it holds no key' : keys;
}

type Sha256 = Parameters<typeof readSigningKeys>[1];

async function readJwk(jwk: unknown, sha256: Sha256): Promise<SigningKey | string> {
  if (jwk === null || typeof jwk !== 'object') return 'not a JSON Web Key';
  const fields = new Map<string, unknown>(Object.entries(jwk));
  if (fields.get('kty') !== 'OKP' || fields.get('crv') !== 'Ed25519') return 'not an Ed25519 key';
  if (fields.has('d')) return 'it holds a private key; never hand that out';
  const x = fields.get('x');
  const bytes = typeof x === 'string' ? fromBase64url(x) : undefined;
  if (bytes?.length !== KEY_BYTES) return 'an Ed25519 key has 32 bytes';
  const [from, until] = [fields.get('validFrom'), fields.get('validUntil')];
  return await signingKeyOf(bytes, sha256, {
    ...(typeof from === 'number' ? { from } : {}),
    ...(typeof until === 'number' ? { until } : {}),
  });
}

async function readPem(text: string, sha256: Sha256): Promise<readonly SigningKey[] | string> {
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return 'it holds a private key; never hand that out';
  const keys: SigningKey[] = [];
  for (const [, body = ''] of text.matchAll(/-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]*)-----END PUBLIC KEY-----/g)) {
    const spki = fromBase64url(body.replace(/\s/g, ''));
    if (spki?.length !== SPKI_HEAD.length + KEY_BYTES || SPKI_HEAD.some((byte, at) => spki[at] !== byte))
      return 'not an Ed25519 key';
    keys.push(await signingKeyOf(spki.subarray(SPKI_HEAD.length), sha256));
  }
  return keys.length === 0 ? 'it holds no public key' : keys;
}
