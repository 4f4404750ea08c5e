/** What decoding and verification need, as browsers have it. Pages from disk are a secure context in all that matter. */
import type { ByteSource } from '@sallyport/core/cast/chunk-probe.js';
import type { DecodeTools } from '@sallyport/core/cast/decode-recording.js';
import { payloadCounter } from '@sallyport/core/cast/payload-cipher.js';
import type { VerifyTools } from '@sallyport/core/cast/verify-recording.js';
import { gunzip } from '../replay/browser-tools.js';

/** WebCrypto takes no views of shared memory; every buffer here is our own. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

export const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', own(bytes)));

const keys = new Map<string, Promise<CryptoKey>>();
export const VERIFY_TOOLS: VerifyTools = {
  sha256,
  async ed25519(publicKey, message, signature) {
    const name = publicKey.join();
    const key = keys.get(name) ?? crypto.subtle.importKey('raw', own(publicKey), 'Ed25519', false, ['verify']);
    keys.set(name, key);
    return crypto.subtle.verify('Ed25519', await key, own(signature), own(message));
  },
};

/** Browsers of before 2025 may lack Ed25519; without a secure context there is no WebCrypto at all. */
export async function canVerify(): Promise<boolean> {
  if (globalThis.crypto?.subtle === undefined) return false;
  return crypto.subtle.importKey('raw', new Uint8Array(32), 'Ed25519', false, ['verify']).then(
    () => true,
    () => false,
  );
}

/** `contentKey`: of an encrypted recording. */
export function decodeTools(contentKey: Uint8Array | undefined): DecodeTools {
  const { subtle } = globalThis.crypto ?? {};
  if (subtle === undefined) return { gunzip };
  if (contentKey === undefined) return { gunzip, sha256 };
  const key = subtle.importKey('raw', own(contentKey), 'AES-CTR', false, ['decrypt']);
  const decrypt = async (sequence: number, stored: Uint8Array): Promise<Uint8Array> => {
    const how = { name: 'AES-CTR', counter: payloadCounter(sequence), length: 64 };
    return new Uint8Array(await subtle.decrypt(how, await key, own(stored)));
  };
  return { gunzip, sha256, decrypt };
}

export const blobSource = (blob: Blob): ByteSource => ({
  size: blob.size,
  read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
});
