/**
 * Cuts a stream of file bytes into chunks. Accepts any split and any prefix: it yields the whole chunks and remembers
 * why it stopped. It never throws and holds at most one chunk. Hashes are compared by `decodeRecording`, payloads are
 * opened there too, so the scanner stays synchronous and needs no library.
 */
import { type ChunkHeader, checkSuccession, chunkBytes, readChunkHeader } from './chunk-header.js';
import { CHUNK_HEADER_BYTES, CHUNK_TRAILER_BYTES, checkPreamble, HASH_BYTES, PREAMBLE_BYTES } from './container.js';
import type { Damage } from './recorded-event.js';

export interface ScannedChunk {
  /** Byte in the file at which it begins. */
  readonly position: number;
  readonly header: ChunkHeader;
  /** Header and stored payload: what the hash covers. */
  readonly hashed: Uint8Array;
  readonly stored: Uint8Array;
  readonly hash: Uint8Array;
}

export class ChunkScanner {
  damage: Damage | undefined;
  /** Byte in the file up to which all was whole. */
  position: number;
  /** The file's first bytes, once read: the chain of hashes begins with theirs. */
  preamble: Uint8Array | undefined;
  private before: ChunkHeader | undefined;
  private rest: Uint8Array = new Uint8Array(0);
  /** The next chunk is taken as it comes: nothing is known of the one before it. */
  private trusting: boolean;

  /**
   * A whole file; or the part of one that begins with a chunk at `position`: the one after `after`, or any, when an index
   * names its place.
   */
  constructor(start?: { position: number; after?: ChunkHeader }) {
    this.position = start?.position ?? 0;
    this.before = start?.after;
    this.trusting = start !== undefined && start.after === undefined;
  }

  push(bytes: Uint8Array): ScannedChunk[] {
    if (this.damage !== undefined) return [];
    let data = bytes;
    if (this.rest.length > 0) {
      data = new Uint8Array(this.rest.length + bytes.length);
      data.set(this.rest);
      data.set(bytes, this.rest.length);
    }
    let at = 0;
    const chunks: ScannedChunk[] = [];
    if (this.position === 0) {
      if (data.length < PREAMBLE_BYTES) {
        this.rest = data.slice();
        return [];
      }
      const wrong = checkPreamble(data);
      if (wrong !== undefined) return this.stop(wrong);
      at = PREAMBLE_BYTES;
      this.preamble = data.slice(0, PREAMBLE_BYTES);
      this.position = PREAMBLE_BYTES;
    }
    while (data.length - at >= CHUNK_HEADER_BYTES) {
      const header = readChunkHeader(data.subarray(at, at + CHUNK_HEADER_BYTES));
      if (typeof header === 'string') {
        this.stop(header);
        return chunks;
      }
      const wrong = this.trusting ? undefined : checkSuccession(this.before, header);
      if (wrong !== undefined) {
        this.stop(wrong);
        return chunks;
      }
      const total = chunkBytes(header);
      if (data.length - at < total) break;
      const bodyEnd = at + total - CHUNK_TRAILER_BYTES;
      chunks.push({
        position: this.position,
        header,
        hashed: data.subarray(at, bodyEnd),
        stored: data.subarray(at + header.headerBytes, bodyEnd),
        hash: data.slice(bodyEnd, bodyEnd + HASH_BYTES),
      });
      this.before = header;
      this.trusting = false;
      this.position += total;
      at += total;
    }
    this.rest = data.slice(at);
    return chunks;
  }

  /** Bytes held that are not yet a whole chunk. */
  get pending(): number {
    return this.rest.length;
  }

  private stop(detail: string): [] {
    this.damage = { position: this.position, detail };
    this.rest = new Uint8Array(0);
    return [];
  }
}
