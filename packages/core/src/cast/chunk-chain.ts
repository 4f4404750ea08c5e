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
import { encodeRecordingHeader, type RecordingHeader } from './recording-header.js';
import { encodeSeal, type Seal } from './seal.js';

export type Sha256 = (bytes: Uint8Array) => Uint8Array;
type ChunkFields = Omit<ChunkHeader, 'headerBytes' | 'sequence' | 'storedBytes' | 'previous'>;

export class ChunkChain {
  /** Hash of the last chunk: the head of the chain. */
  head: Uint8Array;
  sequence: number;
  private readonly sha256: Sha256;

  private constructor(sha256: Sha256, head: Uint8Array, sequence: number) {
    this.sha256 = sha256;
    this.head = head;
    this.sequence = sequence;
  }

  /** A new recording: its first bytes (preamble and header chunk) and the chain to go on with. */
  static begin(header: RecordingHeader, sha256: Sha256): { chain: ChunkChain; bytes: Uint8Array } {
    const preamble = encodePreamble();
    const chain = new ChunkChain(sha256, sha256(preamble), 0);
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
    if (gzipped !== undefined) return this.wrap({ ...fields, flags: CHUNK_FLAG.GZIP }, gzipped);
    return this.close({ ...fields, flags: 0 }, slab, rawBytes);
  }

  seal(seal: Seal, at: { size: ChunkHeader['size']; us: number; offset: number }): Uint8Array {
    return this.still(CHUNK_KIND.SEAL, encodeSeal(seal), at);
  }

  index(entries: readonly IndexEntry[], at: { size: ChunkHeader['size']; us: number; offset: number }): Uint8Array {
    return this.still(CHUNK_KIND.INDEX, encodeIndex(entries), at);
  }

  /** A chunk without events. */
  private still(
    kind: number,
    payload: Uint8Array,
    { size, us, offset }: { size: ChunkHeader['size']; us: number; offset: number },
  ): Uint8Array {
    const fields = { kind, flags: 0, rawBytes: payload.length, size, firstUs: us, lastUs: us, offset, outputBytes: 0 };
    return this.wrap(fields, payload);
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
