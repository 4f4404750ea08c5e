/**
 * What decoding and verification need, from any platform with WebCrypto and Blob: browsers, Deno, Bun, Node. The platform's
 * objects come as arguments, so the core names no global of theirs. Pages from disk are a secure context in all that matter.
 */
import type { ByteSource } from './chunk-probe.js';
import type { VerifyTools } from './verify-recording.js';

/** The part of `SubtleCrypto` that is used. */
export interface Subtle {
  digest(algorithm: string, data: OwnBytes): Promise<ArrayBuffer>;
  importKey(
    format: 'raw',
    bytes: OwnBytes,
    algorithm: string,
    extractable: boolean,
    usages: ('verify' | 'decrypt')[],
  ): Promise<unknown>;
  verify(algorithm: string, key: unknown, signature: OwnBytes, message: OwnBytes): Promise<boolean>;
}
/** The part of `Blob` that is used. */
export interface BlobLike {
  readonly size: number;
  slice(start: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> };
}
export type OwnBytes = Uint8Array<ArrayBuffer>;

/** WebCrypto takes no views of shared memory; every buffer here is our own. */
export const own = (bytes: Uint8Array): OwnBytes => bytes as OwnBytes;

export const subtleSha256 =
  (subtle: Subtle) =>
  async (bytes: Uint8Array): Promise<Uint8Array> =>
    new Uint8Array(await subtle.digest('SHA-256', own(bytes)));

export function subtleVerifyTools(subtle: Subtle): VerifyTools {
  const keys = new Map<string, Promise<unknown>>();
  return {
    sha256: subtleSha256(subtle),
    async ed25519(publicKey, message, signature) {
      const name = publicKey.join();
      const key = keys.get(name) ?? importEd25519(subtle, publicKey);
      keys.set(name, key);
      return subtle.verify('Ed25519', await key, own(signature), own(message));
    },
  };
}

/** Browsers of before 2025 may lack Ed25519; without a secure context there is no WebCrypto at all. */
export async function canVerify(subtle: Subtle | undefined): Promise<boolean> {
  if (subtle === undefined) return false;
  try {
    await importEd25519(subtle, new Uint8Array(32));
    return true;
  } catch {
    return false;
  }
}

const importEd25519 = (subtle: Subtle, publicKey: Uint8Array): Promise<unknown> =>
  subtle.importKey('raw', own(publicKey), 'Ed25519', false, ['verify']);

/** A file that was dropped on a page, or that a page holds, read piece by piece. */
export const blobSource = (blob: BlobLike): ByteSource => ({
  size: blob.size,
  read: async (start, end) => new Uint8Array(await blob.slice(start, end).arrayBuffer()),
});
