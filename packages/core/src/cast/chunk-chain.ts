/**
 * Makes chunks and links them: numbers each, puts in the hash of the one before, and closes it with its own hash. The
 * hash function is an argument (core is pure); it must be SHA-256 and synchronous, as the chain is sequential anyway.
 */

import { type ChunkHeader, writeChunkHeader } from './chunk-header.js';
import { encodeIndex, type IndexEntry } from './chunk-index.js';
import {
  CHUNK_FLAG,
  CHUNK_HEADER_BYTES,
  CHUNK_KIND,
  CHUNK_TRAILER_BYTES,
  encodePreamble,
  HASH_BYTES,
} from './container.js';
import type { Gathered } from './event-gatherer.js';
import type { SealPayload } from './payload-cipher.js';
import { encodeRecordingHeader, type RecordingHeader } from './recording-header.js';
import { encodeSeal, type Seal } from './seal.js';
import { encodeStatement, type Occasion, SIGNATURE_BYTES, signedMessage } from './signature.js';

export type Sha256 = (bytes: Uint8Array) => Uint8Array;
/** Composes the message for a key and signs it; the key's id is part of the message. */
export type SignHead = (compose: (keyId: Uint8Array) => Uint8Array) => { readonly signature: Uint8Array };
export interface HeadToSign {
  readonly sessionId: string;
  readonly occasion: Occasion;
  readonly signedAt: number;
}
type ChunkFields = Omit<ChunkHeader, 'headerBytes' | 'sequence' | 'storedBytes' | 'previous'>;

export class ChunkChain {
  /** Hash of the last chunk: the head of the chain. */
  head: Uint8Array;
  sequence: number;
  private readonly sha256: Sha256;
  private readonly encrypt: SealPayload | undefined;

  private constructor(sha256: Sha256, head: Uint8Array, sequence: number, encrypt?: SealPayload) {
    this.sha256 = sha256;
    this.encrypt = encrypt;
    this.head = head;
    this.sequence = sequence;
  }

  /** A new recording: its first bytes (preamble and header chunk) and the chain to go on with. */
  static begin(
    header: RecordingHeader,
    sha256: Sha256,
    encrypt?: SealPayload,
  ): { chain: ChunkChain; bytes: Uint8Array } {
    const preamble = encodePreamble();
    const chain = new ChunkChain(sha256, sha256(preamble), 0, encrypt);
    const payload = encodeRecordingHeader(header);
    const fields = { kind: CHUNK_KIND.HEADER, flags: 0, rawBytes: payload.length, size: header.size };
    const chunk = chain.wrap({ ...fields, firstUs: 0, lastUs: 0, offset: 0, outputBytes: 0 }, payload);
    const bytes = new Uint8Array(preamble.length + chunk.length);
    bytes.set(preamble);
    bytes.set(chunk, preamble.length);
    return { chain, bytes };
  }

  /** Goes on after a chunk read back from a file. */
  static resume(last: ChunkHeader, hash: Uint8Array, sha256: Sha256): ChunkChain {
    return new ChunkChain(sha256, hash, last.sequence + 1);
  }

  /** The chunk, made in the gathered slab itself; `gzipped`, when given, is stored instead of the slab's payload. */
  events(gathered: Gathered, gzipped?: Uint8Array): Uint8Array {
    const { slab, payloadBytes: rawBytes, size, firstUs, lastUs, offset, outputBytes } = gathered;
    const fields = { kind: CHUNK_KIND.EVENTS, rawBytes, size, firstUs, lastUs, offset, outputBytes };
    if (gzipped !== undefined) {
      const flags = CHUNK_FLAG.GZIP | (this.encrypt === undefined ? 0 : CHUNK_FLAG.ENCRYPTED);
      return this.wrap({ ...fields, flags }, this.encrypt?.(this.sequence, gzipped) ?? gzipped);
    }
    if (this.encrypt === undefined) return this.close({ ...fields, flags: 0 }, slab, rawBytes);
    const payload = slab.subarray(CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + rawBytes);
    slab.set(this.encrypt(this.sequence, payload), CHUNK_HEADER_BYTES);
    return this.close({ ...fields, flags: CHUNK_FLAG.ENCRYPTED }, slab, rawBytes);
  }

  seal(seal: Seal, at: { size: ChunkHeader['size']; us: number; offset: number }): Uint8Array {
    return this.still(CHUNK_KIND.SEAL, encodeSeal(seal), at);
  }

  index(entries: readonly IndexEntry[], at: { size: ChunkHeader['size']; us: number; offset: number }): Uint8Array {
    return this.still(CHUNK_KIND.INDEX, encodeIndex(entries), at);
  }

  /** Signs the head as it is now. The size is the one in force after the last event. */
  signature(
    { sessionId, occasion, signedAt }: HeadToSign,
    sign: SignHead,
    at: { size: ChunkHeader['size']; us: number; offset: number },
  ): Uint8Array {
    let chunk = new Uint8Array(0);
    let fields: ChunkFields | undefined;
    const { signature } = sign((keyId) => {
      const payload = encodeStatement({ occasion, signedAt, keyId });
      fields = this.stillFields(CHUNK_KIND.SIGNATURE, payload.length, at);
      chunk = new Uint8Array(CHUNK_HEADER_BYTES + payload.length + CHUNK_TRAILER_BYTES);
      const place = { sequence: this.sequence, storedBytes: payload.length, previous: this.head };
      writeChunkHeader(chunk, { ...fields, ...place });
      chunk.set(payload, CHUNK_HEADER_BYTES);
      return signedMessage(sessionId, chunk);
    });
    if (fields === undefined || signature.length !== SIGNATURE_BYTES) throw new Error('the signer did not sign');
    chunk.set(signature, CHUNK_HEADER_BYTES + fields.rawBytes - SIGNATURE_BYTES);
    return this.close(fields, chunk, fields.rawBytes);
  }

  /** A chunk without events. */
  private still(
    kind: number,
    payload: Uint8Array,
    at: { size: ChunkHeader['size']; us: number; offset: number },
  ): Uint8Array {
    return this.wrap(this.stillFields(kind, payload.length, at), payload);
  }

  private stillFields(
    kind: number,
    rawBytes: number,
    { size, us, offset }: { size: ChunkHeader['size']; us: number; offset: number },
  ): ChunkFields {
    return { kind, flags: 0, rawBytes, size, firstUs: us, lastUs: us, offset, outputBytes: 0 };
  }

  private wrap(fields: ChunkFields, payload: Uint8Array): Uint8Array {
    const into = new Uint8Array(CHUNK_HEADER_BYTES + payload.length + CHUNK_TRAILER_BYTES);
    into.set(payload, CHUNK_HEADER_BYTES);
    return this.close(fields, into, payload.length);
  }

  private close(fields: ChunkFields, into: Uint8Array, storedBytes: number): Uint8Array {
    writeChunkHeader(into, { ...fields, sequence: this.sequence, storedBytes, previous: this.head });
    const end = CHUNK_HEADER_BYTES + storedBytes;
    this.head = this.sha256(into.subarray(0, end));
    this.sequence += 1;
    into.set(this.head, end);
    const total = end + CHUNK_TRAILER_BYTES;
    new DataView(into.buffer, into.byteOffset).setUint32(end + HASH_BYTES, total);
    return into.subarray(0, total);
  }
}
