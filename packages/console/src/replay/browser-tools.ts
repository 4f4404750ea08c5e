/** Inflate and SHA-256 as the browser has them. Without a secure context there is no SHA-256: bytes are not verified. */
import type { DecodeTools } from '@sallyport/core/cast/decode-recording.js';
import { subtleSha256 } from '@sallyport/core/cast/web-crypto-tools.js';

export async function gunzip(stored: Uint8Array, rawBytes: number): Promise<Uint8Array> {
  const stream = new Blob([stored as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream('gzip'));
  const raw = new Uint8Array(rawBytes);
  let at = 0;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    // A small member can claim to be small and open to gigabytes.
    if (at + value.length > rawBytes) {
      await reader.cancel();
      throw new RangeError('more bytes than the chunk announced');
    }
    raw.set(value, at);
    at += value.length;
  }
  return raw.subarray(0, at);
}

export function browserTools(): DecodeTools {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  // The server opened an encrypted recording's chunks and compared their hashes; here they could not be.
  if (subtle === undefined) return { gunzip, trustOpened: true };
  return { gunzip, trustOpened: true, sha256: subtleSha256(subtle) };
}
