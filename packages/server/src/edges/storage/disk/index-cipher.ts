/**
 * Encryption of replay indexes, which show what their recordings show: AES-256-CTR under a key derived from the
 * recording's own and a salt drawn at each writing, so that an index made again never meets the same counter. Any range
 * opens alone. When the recording's key goes, its index goes with it.
 */
import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { writeU64 } from '@sallyport/core/cast/chunk-header.js';

const MAGIC = Buffer.from([0x89, 0x53, 0x50, 0x52, 0x49, 0x58, 0x0d, 0x0a]); // 0x89 SPRIX CR LF
const SALT_BYTES = 16;
const BLOCK_BYTES = 16;
export const INDEX_HEAD_BYTES = MAGIC.length + SALT_BYTES;

function cipherAt(key: Uint8Array, salt: Uint8Array, block: number) {
  const derived = Buffer.from(hkdfSync('sha256', key, salt, 'sallyport replay index v1', 32));
  const counter = new Uint8Array(BLOCK_BYTES);
  writeU64(new DataView(counter.buffer), 8, block);
  return createCipheriv('aes-256-ctr', derived, counter);
}

export function sealIndex(key: Uint8Array, bytes: Uint8Array): readonly Uint8Array[] {
  const salt = randomBytes(SALT_BYTES);
  return [MAGIC, salt, cipherAt(key, salt, 0).update(bytes)];
}

/** Where in the file the range's first whole block lies. */
export const indexBlockAt = (start: number): number => Math.floor(start / BLOCK_BYTES) * BLOCK_BYTES;

/** `stored`: what lies from `indexBlockAt(start)` on, behind the head. undefined: not sealed by us. */
export function openIndex(
  key: Uint8Array,
  head: Uint8Array,
  stored: Uint8Array,
  start: number,
): Uint8Array | undefined {
  if (head.length < INDEX_HEAD_BYTES || Buffer.compare(head.subarray(0, MAGIC.length), MAGIC) !== 0) return undefined;
  const from = indexBlockAt(start);
  const plain = cipherAt(key, head.subarray(MAGIC.length), from / BLOCK_BYTES).update(stored);
  return plain.subarray(Math.min(plain.length, start - from));
}
