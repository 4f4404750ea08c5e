/**
 * Encryption of payloads: AES-256 in counter mode, one key per recording, the counter told by the chunk's place. So a
 * payload keeps its length, any chunk opens alone, and the hash chain, which covers what is stored, is verified without
 * the key. A mode with a tag of its own would add nothing: changed bytes are found by the chain and its signatures.
 * The cipher itself is an argument (core is pure).
 */
import { writeU64 } from './chunk-header.js';

export const PAYLOAD_CIPHER = 'AES-256-CTR';
export const COUNTER_BYTES = 16;

/** `sequence`: of the chunk. In counter mode opening is the same act as sealing. May be asynchronous when opening. */
export type SealPayload = (sequence: number, payload: Uint8Array) => Uint8Array;
/** undefined: there is no key. */
export type OpenPayload = (
  sequence: number,
  stored: Uint8Array,
) => Uint8Array | undefined | Promise<Uint8Array | undefined>;

/**
 * The first counter block of a chunk: its sequence number in the upper half. A payload has at most 2^18 blocks, so no
 * two chunks share one. INVARIANT: no sequence number is used for two payloads under one key; after a failed write
 * nothing more is encrypted, and what is written after a crash is not.
 */
export function payloadCounter(sequence: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(COUNTER_BYTES);
  writeU64(new DataView(block.buffer), 0, sequence);
  return block;
}
