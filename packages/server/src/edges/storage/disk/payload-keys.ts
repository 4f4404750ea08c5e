/**
 * The cipher of payloads, and keys kept at hand for a minute: a reader asks piece by piece, and each time the database
 * would be asked for a key, or whether there is one.
 */
import { createCipheriv, createHmac } from 'node:crypto';
import { PAYLOAD_CIPHER, payloadCounter, type SealPayload } from '@sallyport/core/cast/payload-cipher.js';
import type { RecordingHeader } from '@sallyport/core/cast/recording-header.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import type { RecordingKeys } from '../../../gateway/ports/recording-keys.js';
import { gunzipChunk } from './chunk-gzip.js';
import { sha256 } from './sha256.js';

const REMEMBER_MS = 60_000;
const REMEMBER_MAX = 64;

/** Seals and opens: in counter mode they are one act. */
export const payloadCipher =
  (key: Uint8Array): SealPayload =>
  (sequence, payload) =>
    createCipheriv('aes-256-ctr', key, payloadCounter(sequence)).update(payload);

export function encryptionOf(key: Uint8Array): NonNullable<RecordingHeader['encryption']> {
  const check = createHmac('sha256', key).update('sallyport recording key check v1').digest('hex').slice(0, 16);
  return { cipher: PAYLOAD_CIPHER, keyCheck: check };
}

export interface PayloadKeys {
  /** undefined: not encrypted, or the key is gone. */
  find(sessionId: string): Promise<Uint8Array | undefined>;
  /** What opens this recording's chunks. The key is looked for when an encrypted one is met. */
  toolsFor(sessionId: string): ChunkTools;
}
export interface ChunkTools {
  gunzip(stored: Uint8Array, rawBytes: number): Uint8Array;
  sha256(bytes: Uint8Array): Uint8Array;
  decrypt(sequence: number, stored: Uint8Array): Promise<Uint8Array | undefined>;
}

export function createPayloadKeys(keys: Pick<RecordingKeys, 'find'> | undefined, clock: Clock): PayloadKeys {
  const known = new Map<string, { readonly key: Promise<Uint8Array | undefined>; readonly at: number }>();
  const find = (sessionId: string): Promise<Uint8Array | undefined> => {
    if (keys === undefined) return Promise.resolve(undefined);
    const now = clock.monotonic();
    const hit = known.get(sessionId);
    if (hit !== undefined && now - hit.at < REMEMBER_MS) return hit.key;
    const key = keys.find(sessionId);
    key.catch(() => known.delete(sessionId)); // the next one asks again
    known.delete(sessionId);
    known.set(sessionId, { key, at: now });
    if (known.size > REMEMBER_MAX) known.delete(known.keys().next().value ?? '');
    return key;
  };
  return {
    find,
    toolsFor: (sessionId) => ({
      gunzip: gunzipChunk,
      sha256,
      async decrypt(sequence, stored) {
        const key = await find(sessionId);
        return key === undefined ? undefined : payloadCipher(key)(sequence, stored);
      },
    }),
  };
}
