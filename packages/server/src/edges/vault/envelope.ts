/**
 * One secret in two layers. A data key of its own seals the text; the master key seals the data key. So a rotation
 * rewrites 60 bytes per secret, and no key but the master key outlives a call. Purpose and id are bound into both
 * layers, the master key's id into the outer one: a row copied over another, or used for another purpose, does not open.
 * Bytes: docs/formats/vault.md.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { SecretRow } from '../../gateway/ports/secret-rows.js';
import type { MasterKey } from './master-key.js';

export type RandomBytes = (size: number) => Buffer;

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1.';

export function sealSecret(
  master: MasterKey,
  { id, purpose }: Pick<SecretRow, 'id' | 'purpose'>,
  plaintext: Uint8Array,
  random: RandomBytes,
): SecretRow {
  const dataKey = random(KEY_BYTES);
  try {
    return {
      id,
      purpose,
      keyId: master.id,
      wrappedKey: sealBox(master.bytes, ['key', purpose, id, master.id], dataKey, random),
      sealed: sealBox(dataKey, ['secret', purpose, id], plaintext, random),
    };
  } finally {
    dataKey.fill(0);
  }
}

/** The caller owns the answer and zeroes it after use. */
export function openSecret(master: MasterKey, row: SecretRow): Buffer {
  const dataKey = unwrap(master, row);
  try {
    return openBox(dataKey, ['secret', row.purpose, row.id], row.sealed);
  } finally {
    dataKey.fill(0);
  }
}

export function rewrapSecret(from: MasterKey, to: MasterKey, row: SecretRow, random: RandomBytes): SecretRow {
  const dataKey = unwrap(from, row);
  try {
    return {
      ...row,
      keyId: to.id,
      wrappedKey: sealBox(to.bytes, ['key', row.purpose, row.id, to.id], dataKey, random),
    };
  } finally {
    dataKey.fill(0);
  }
}

const unwrap = (master: MasterKey, row: SecretRow): Buffer =>
  openBox(master.bytes, ['key', row.purpose, row.id, master.id], row.wrappedKey);

/** JSON, so that no two lists of words give the same bytes. */
const bind = (words: readonly string[]): Buffer => Buffer.from(JSON.stringify(['sallyport vault v1', ...words]));

/** A text for one place: `words` name it, and it opens for no others. */
export function sealBox(key: Buffer, words: readonly string[], plaintext: Uint8Array, random: RandomBytes): string {
  const nonce = random(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce).setAAD(bind(words));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return VERSION + Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
}

export function openBox(key: Buffer, words: readonly string[], sealed: string): Buffer {
  const bytes = Buffer.from(sealed.slice(VERSION.length), 'base64url');
  if (!sealed.startsWith(VERSION) || bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('not a sealed secret');
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(bind(words)).setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const start = decipher.update(bytes.subarray(NONCE_BYTES, bytes.length - TAG_BYTES));
  return Buffer.concat([start, decipher.final()]);
}
