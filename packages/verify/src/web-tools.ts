/** What the verification needs, from any platform with WebCrypto: browsers, Deno, Bun, Node. */
import type { ByteSource } from '@sallyport/core/cast/chunk-probe.js';
import type { VerifyTools } from '@sallyport/core/cast/verify-recording.js';

/** WebCrypto takes no views of shared memory; every buffer here is our own. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => bytes as Uint8Array<ArrayBuffer>;

export const sha256 = async (bytes: Uint8Array): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', own(bytes)));

const keys = new Map<string, Promise<CryptoKey>>();

export const WEB_TOOLS: VerifyTools = {
  sha256,
  async ed25519(publicKey, message, signature) {
    const name = publicKey.join();
    const key = keys.get(name) ?? crypto.subtle.importKey('raw', own(publicKey), 'Ed25519', false, ['verify']);
    keys.set(name, key);
    return crypto.subtle.verify('Ed25519', await key, own(signature), own(message));
  },
};

/** A file that was dropped on a page, read piece by piece. */
export const blobSource = (blob: Blob): ByteSource => ({
  size: blob.size,
  read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
});

/** Browsers of before 2025 may lack Ed25519; without a secure context there is no WebCrypto at all. */
export async function canVerify(): Promise<boolean> {
  if (globalThis.crypto?.subtle === undefined) return false;
  try {
    await crypto.subtle.importKey('raw', new Uint8Array(32), 'Ed25519', false, ['verify']);
    return true;
  } catch {
    return false;
  }
}
