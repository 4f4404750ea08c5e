/** What the verification needs, from Node: files, SHA-256, Ed25519. */
import { createPublicKey, hash, type KeyObject, verify } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import type { ByteSource } from '@sallyport/core/cast/chunk-probe.js';
import type { VerifyTools } from '@sallyport/core/cast/verify-recording.js';
import { toBase64url } from '@sallyport/core/evidence/base64url.js';
import { signingKeyPem } from '@sallyport/core/evidence/signing-key.js';

export const sha256 = (bytes: Uint8Array): Uint8Array => hash('sha256', bytes, 'buffer');

const keys = new Map<string, KeyObject>();

export const NODE_TOOLS: VerifyTools = {
  sha256,
  ed25519(publicKey, message, signature) {
    const x = toBase64url(publicKey);
    const key = keys.get(x) ?? createPublicKey(signingKeyPem({ id: '', x }));
    keys.set(x, key);
    return verify(null, message, key, signature);
  },
};

export interface FileSource extends ByteSource {
  close(): Promise<void>;
}

/** One buffer for all reads: what a read answers is valid until the next. */
export async function fileSource(path: string): Promise<FileSource> {
  const file: FileHandle = await open(path, 'r');
  const { size } = await file.stat();
  let buffer = Buffer.alloc(0);
  return {
    size,
    async read(start, end) {
      const length = end - start;
      if (buffer.length < length) buffer = Buffer.allocUnsafeSlow(length);
      let filled = 0;
      while (filled < length) {
        const { bytesRead } = await file.read(buffer, filled, length - filled, start + filled);
        if (bytesRead === 0) break;
        filled += bytesRead;
      }
      return buffer.subarray(0, filled);
    },
    close: () => file.close(),
  };
}
