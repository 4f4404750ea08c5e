/**
 * A signed head: at this moment the audit log and the ledger of recordings ended in these entries. Who later cuts, rewrites
 * or rolls back either of them contradicts it. Kept in the database, in a file beside it, and wherever an operator copies
 * it: a head kept elsewhere binds even somebody who holds the machine and the key.
 * Limits: what was appended after the last head and cut again does not show.
 */
import { fromBase64url, toBase64url } from './base64url.js';

export interface ChainPoint {
  /** Last entry, 0: none yet. */
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
}
/** Before the first entry. */
export const CHAIN_START: ChainPoint = { seq: 0, hash: '0'.repeat(64) };

export interface HeadStatement {
  /** UTC ms. */
  readonly at: number;
  readonly audit: ChainPoint;
  readonly ledger: ChainPoint;
}
export interface SignedHead extends HeadStatement {
  /** Thumbprint of the key. */
  readonly keyId: string;
  /** base64url. */
  readonly signature: string;
}

const TAG = 'sallyport signed heads v1';
const TAG_BYTES = 32;
export const HEAD_MESSAGE_BYTES = TAG_BYTES + 8 + 2 * (8 + 32) + 32;

/** The bytes that are signed. `keyId`: 32 bytes. */
export function headMessage({ at, audit, ledger }: HeadStatement, keyId: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEAD_MESSAGE_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(TAG));
  view.setBigUint64(TAG_BYTES, BigInt(at));
  let place = TAG_BYTES + 8;
  for (const { seq, hash } of [audit, ledger]) {
    view.setBigUint64(place, BigInt(seq));
    bytes.set(hexBytes(hash), place + 8);
    place += 40;
  }
  bytes.set(keyId, place);
  return bytes;
}

/** The bytes a kept head's signature must cover; undefined when its key id is none. */
export function messageOf(head: SignedHead): { message: Uint8Array; signature: Uint8Array } | undefined {
  const keyId = fromBase64url(head.keyId);
  const signature = fromBase64url(head.signature);
  if (keyId?.length !== 32 || signature === undefined) return undefined;
  return { message: headMessage(head, keyId), signature };
}

export const signedHead = (statement: HeadStatement, keyId: Uint8Array, signature: Uint8Array): SignedHead => ({
  ...statement,
  keyId: toBase64url(keyId),
  signature: toBase64url(signature),
});

/** One line of JSON, as files of heads hold them. undefined: not one. */
export function readSignedHead(line: string): SignedHead | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  const fields = fieldsOf(value);
  const [at, audit, ledger] = [fields.get('at'), pointOf(fields.get('audit')), pointOf(fields.get('ledger'))];
  const [keyId, signature] = [fields.get('keyId'), fields.get('signature')];
  if (!isCount(at) || audit === undefined || ledger === undefined) return undefined;
  if (typeof keyId !== 'string' || typeof signature !== 'string') return undefined;
  return { at, audit, ledger, keyId, signature };
}

const fieldsOf = (value: unknown): Map<string, unknown> =>
  new Map(value !== null && typeof value === 'object' ? Object.entries(value) : []);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function pointOf(value: unknown): ChainPoint | undefined {
  const fields = fieldsOf(value);
  const [seq, hash] = [fields.get('seq'), fields.get('hash')];
  return isCount(seq) && typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) ? { seq, hash } : undefined;
}

function hexBytes(hex: string): Uint8Array {
  const bytes = new Uint8Array(hex.length / 2);
  for (let n = 0; n < bytes.length; n += 1) bytes[n] = Number.parseInt(hex.slice(2 * n, 2 * n + 2), 16);
  return bytes;
}
