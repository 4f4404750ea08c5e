/**
 * Looks at a file for whole chunks: at a place, or from a place on after damage. It reads ahead in large blocks and hands
 * out views of them, so that sound chunks are hashed where they lie. A search is bounded: bytes that only look like
 * chunks cannot make it hash the file over and over.
 */
import { type ChunkHeader, chunkBytes, readChunkHeader, sameHash } from './chunk-header.js';
import { CHUNK_HEADER_BYTES, CHUNK_MAGIC, CHUNK_TRAILER_BYTES, HASH_BYTES } from './container.js';

/** Bytes with a size: a file, a blob, a part of memory. */
export interface ByteSource {
  readonly size: number;
  /** All of [start, end), which lie within the size. */
  read(start: number, end: number): Uint8Array | Promise<Uint8Array>;
}
export type HashFunction = (bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>;

export interface WholeChunk {
  readonly position: number;
  readonly end: number;
  readonly header: ChunkHeader;
  /** Own hash, which fits. */
  readonly hash: Uint8Array;
  /** Header and stored payload; valid until the next look. */
  readonly body: Uint8Array;
}
export interface NoChunk {
  readonly fault: string;
  /** Where it would end by its own header, when that can be read. */
  readonly claimedEnd?: number;
}

const BLOCK_BYTES = 1024 * 1024;
/** Beyond the file's own size, what a search may hash in vain. */
const SPARE_BYTES = 64 * 1024 * 1024;
const MAGIC_BYTES = 4;

export class ChunkProbe {
  private readonly source: ByteSource;
  private readonly sha256: HashFunction;
  private window: Uint8Array = new Uint8Array(0);
  private windowAt = 0;
  private budget: number;

  constructor(source: ByteSource, sha256: HashFunction) {
    this.source = source;
    this.sha256 = sha256;
    this.budget = source.size + SPARE_BYTES;
  }

  /** A view, valid until the next one. A promise only when it must be read. */
  bytes(start: number, end: number): Uint8Array | Promise<Uint8Array> {
    if (start >= this.windowAt && end <= this.windowAt + this.window.length)
      return this.window.subarray(start - this.windowAt, end - this.windowAt);
    return this.load(start, end);
  }

  private async load(start: number, end: number): Promise<Uint8Array> {
    const upTo = Math.min(this.source.size, Math.max(end, start + BLOCK_BYTES));
    this.window = await this.source.read(start, upTo);
    this.windowAt = start;
    if (this.window.length < end - start) throw new Error('the file became shorter while it was read');
    return this.window.subarray(0, end - start);
  }

  /** What stands at a place. A promise only when it must be read, or hashed elsewhere. */
  at(position: number): WholeChunk | NoChunk | Promise<WholeChunk | NoChunk> {
    const { size } = this.source;
    if (size - position < CHUNK_HEADER_BYTES) return { fault: 'a chunk’s header is cut', claimedEnd: size + 1 };
    const head = this.bytes(position, position + CHUNK_HEADER_BYTES);
    if (!(head instanceof Uint8Array)) return head.then(() => this.at(position));
    const header = readChunkHeader(head);
    if (typeof header === 'string') return { fault: header };
    const end = position + chunkBytes(header);
    if (end > size) return { fault: 'a chunk reaches past the end of the file', claimedEnd: end };
    const whole = this.bytes(position, end);
    if (!(whole instanceof Uint8Array)) return whole.then(() => this.at(position));
    const body = whole.subarray(0, whole.length - CHUNK_TRAILER_BYTES);
    const hash = this.sha256(body);
    const chunk = { position, end, header, body };
    return hash instanceof Uint8Array ? compared(chunk, whole, hash) : hash.then((one) => compared(chunk, whole, one));
  }

  /** The first whole chunk from `from` on that may stand there; undefined: none, or the search was given up. */
  async next(from: number, plausible: (header: ChunkHeader) => boolean): Promise<WholeChunk | undefined> {
    const { size } = this.source;
    for (let at = from; size - at >= CHUNK_HEADER_BYTES; ) {
      const block = await this.bytes(at, Math.min(size, at + BLOCK_BYTES));
      const found = magicIn(block);
      if (found === -1) {
        at += Math.max(1, block.length - MAGIC_BYTES + 1);
        continue;
      }
      at += found;
      const chunk = await this.at(at);
      if (!('fault' in chunk)) {
        if (plausible(chunk.header)) return chunk;
        this.budget -= chunk.body.length;
      } else if (chunk.claimedEnd !== undefined && chunk.claimedEnd <= size) this.budget -= chunk.claimedEnd - at;
      if (this.budget < 0) return undefined;
      at += 1;
    }
    return undefined;
  }
}

function compared(chunk: Omit<WholeChunk, 'hash'>, whole: Uint8Array, hash: Uint8Array): WholeChunk | NoChunk {
  const trailer = chunk.body.length;
  if (!sameHash(hash, whole.subarray(trailer, trailer + HASH_BYTES)))
    return { fault: 'the bytes of a chunk do not match its hash', claimedEnd: chunk.end };
  if (readU32(whole, trailer + HASH_BYTES) !== whole.length)
    return { fault: 'a chunk’s length is not the one at its end', claimedEnd: chunk.end };
  return { ...chunk, hash };
}

const readU32 = (bytes: Uint8Array, at: number): number =>
  ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;

function magicIn(bytes: Uint8Array): number {
  const first = CHUNK_MAGIC >>> 24;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1))
    if (at + MAGIC_BYTES <= bytes.length && readU32(bytes, at) === CHUNK_MAGIC) return at;
  return -1;
}
