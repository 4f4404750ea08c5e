/**
 * The signer over the vault: the private half is sealed like any secret and opened once, at the start, so that signing
 * waits for nothing. A rotation announces the new key under the old one, then destroys the old private half.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, hash, type KeyObject, sign } from 'node:crypto';
import { type SigningKey, signingKeyOf } from '@sallyport/core/evidence/signing-key.js';
import type { Clock } from '../../gateway/ports/clock.js';
import type { Signer } from '../../gateway/ports/signer.js';
import type { SigningKeyRow, SigningKeyRows } from '../../gateway/ports/signing-key-rows.js';
import type { Vault } from '../../gateway/ports/vault.js';

export interface SignerOptions {
  readonly rows: SigningKeyRows;
  readonly vault: Vault;
  readonly clock: Clock;
}
interface Held {
  readonly row: SigningKeyRow;
  readonly keyId: Buffer;
  readonly secret: KeyObject;
}

const PURPOSE = 'signing-key';
const RAW_KEY_BYTES = 32;

/** Rejects when the key in force cannot be opened: better no start than evidence nobody can check. */
export async function createSigner({ rows, vault, clock }: SignerOptions): Promise<Signer> {
  let held = await firstKey();
  let rotating: Promise<unknown> = Promise.resolve();

  async function firstKey(): Promise<Held> {
    const standing = await inForce();
    if (standing !== undefined) return standing;
    const made = await newKey();
    if (await rows.succeed(undefined, made.row)) return made;
    await vault.remove(made.row.secretId ?? '');
    const other = await inForce(); // of two first starts one was faster
    if (other === undefined) throw new Error('the signing key in force disappeared');
    return other;
  }

  async function inForce(): Promise<Held | undefined> {
    const row = (await rows.list()).find(({ until }) => until === undefined);
    if (row === undefined) return undefined;
    const der = Buffer.from(await vault.open(PURPOSE, row.secretId ?? ''));
    try {
      const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
      if ((await publicOf(secret)).id !== row.id) throw new Error(`the signing key ${row.id} is not the one stored`);
      return { row, keyId: Buffer.from(row.id, 'base64url'), secret };
    } finally {
      der.fill(0);
    }
  }

  async function newKey(): Promise<Held> {
    const { privateKey: secret } = generateKeyPairSync('ed25519');
    const { id, x } = await publicOf(secret);
    const der = secret.export({ format: 'der', type: 'pkcs8' });
    try {
      const secretId = await vault.seal(PURPOSE, der);
      return { row: { id, x, from: clock.now(), secretId }, keyId: Buffer.from(id, 'base64url'), secret };
    } finally {
      der.fill(0);
    }
  }

  async function rotate(announce: (next: SigningKey) => Promise<void>): Promise<SigningKey> {
    const old = held.row;
    const next = await newKey();
    try {
      await announce(publicHalf(next.row));
      if (!(await rows.succeed(old.id, next.row)))
        throw new Error('Another rotation of the signing key came first. Nothing was changed.');
    } catch (error) {
      await vault.remove(next.row.secretId ?? '');
      throw error;
    }
    held = next;
    await vault.remove(old.secretId ?? '');
    return publicHalf(next.row);
  }

  return {
    sign(compose) {
      const { keyId, secret } = held;
      return { keyId, signature: sign(null, compose(keyId), secret) };
    },
    keys: async () => (await rows.list()).map(publicHalf),
    rotate(announce) {
      const turn = rotating.then(() => rotate(announce));
      rotating = turn.catch(() => {});
      return turn;
    },
  };
}

const publicHalf = ({ secretId: _, ...key }: SigningKeyRow): SigningKey => key;

function publicOf(secret: KeyObject): Promise<SigningKey> {
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return signingKeyOf(spki.subarray(-RAW_KEY_BYTES), (bytes) => hash('sha256', bytes, 'buffer'));
}
