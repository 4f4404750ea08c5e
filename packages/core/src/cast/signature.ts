/**
 * The signature chunk: an Ed25519 signature over the head of the chain, so that who rewrites a recording with all its
 * hashes is caught by whoever has the public key. What is signed is a tag, the session's id and every byte of this very
 * chunk before the signature: its header holds the sequence number, the head's hash, offset and time, its payload the
 * moment and the key's id. So nothing in the chunk can be changed, and no second list of fields can disagree with it.
 *
 * Rivals: a signature beside the file is lost when files are copied; one per chunk costs more than recording itself.
 * Limits: who holds the private key can sign anything, as of any date; what is cut off after the last signature shows
 * only as a missing seal.
 */
import { readU64, writeU64 } from './chunk-header.js';
import { CHUNK_HEADER_BYTES, HASH_BYTES } from './container.js';

/** Why it was signed at this place. */
export const OCCASION = { RUNNING: 1, END: 2, RECOVERED: 3 } as const;
export type Occasion = keyof typeof OCCASION;

const SCHEME_ED25519 = 1;
export const SIGNATURE_BYTES = 64;
/** Payload before the signature itself. */
const STATEMENT_BYTES = 16 + HASH_BYTES;
export const SIGNATURE_PAYLOAD_BYTES = STATEMENT_BYTES + SIGNATURE_BYTES;
/** 32 bytes. */
const TAG = 'sallyport recording signature v1';

export interface SignatureStatement {
  readonly occasion: Occasion;
  /** UTC ms by the signer's clock. */
  readonly signedAt: number;
  /** Thumbprint of the public key, 32 bytes. */
  readonly keyId: Uint8Array;
}
export interface RecordingSignature extends SignatureStatement {
  readonly signature: Uint8Array;
}

/** The payload, its signature still zero. */
export function encodeStatement({ occasion, signedAt, keyId }: SignatureStatement): Uint8Array<ArrayBuffer> {
  if (keyId.length !== HASH_BYTES) throw new RangeError(`a key id has ${HASH_BYTES} bytes`);
  const bytes = new Uint8Array(SIGNATURE_PAYLOAD_BYTES);
  bytes[0] = SCHEME_ED25519;
  bytes[1] = OCCASION[occasion];
  writeU64(new DataView(bytes.buffer), 8, signedAt);
  bytes.set(keyId, 16);
  return bytes;
}

/** undefined: a scheme or an occasion this reader does not know. */
export function decodeSignature(payload: Uint8Array): RecordingSignature | undefined {
  if (payload.length !== SIGNATURE_PAYLOAD_BYTES || payload[0] !== SCHEME_ED25519) return undefined;
  const occasion = (Object.keys(OCCASION) as Occasion[]).find((name) => OCCASION[name] === payload[1]);
  if (occasion === undefined) return undefined;
  return {
    occasion,
    signedAt: readU64(new DataView(payload.buffer, payload.byteOffset, payload.byteLength), 8),
    keyId: new Uint8Array(payload.subarray(16, STATEMENT_BYTES)),
    signature: new Uint8Array(payload.subarray(STATEMENT_BYTES)),
  };
}

/** The bytes that are signed, from the chunk's first bytes: header of `headerBytes` and payload. */
export function signedMessage(
  sessionId: string,
  chunk: Uint8Array,
  headerBytes = CHUNK_HEADER_BYTES,
): Uint8Array<ArrayBuffer> {
  const id = new TextEncoder().encode(sessionId);
  const tag = new TextEncoder().encode(TAG);
  const message = new Uint8Array(tag.length + 2 + id.length + headerBytes + STATEMENT_BYTES);
  message.set(tag);
  message[tag.length] = id.length >>> 8;
  message[tag.length + 1] = id.length & 0xff;
  message.set(id, tag.length + 2);
  message.set(chunk.subarray(0, headerBytes + STATEMENT_BYTES), tag.length + 2 + id.length);
  return message;
}
