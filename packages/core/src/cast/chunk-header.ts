/**
 * The fixed header of a chunk, and its trailer. The header alone tells time, output range and size in force, so a
 * reader can hop over chunks without their payloads. The hash covers header and stored payload; `previous` is the hash
 * of the chunk before, so a changed, cut, swapped or inserted chunk breaks the chain at a place that can be named.
 * Limits: numbers up to 2^53.
 */
import type { TerminalSize } from '../model/session.js';
import {
  CHUNK_FLAG,
  CHUNK_HEADER_BYTES,
  CHUNK_KIND,
  CHUNK_MAGIC,
  CHUNK_TRAILER_BYTES,
  HASH_BYTES,
  MAX_CHUNK_HEADER_BYTES,
  MAX_PAYLOAD_BYTES,
  MUST_UNDERSTAND_FLAGS,
} from './container.js';

export interface ChunkHeader {
  readonly kind: number;
  readonly flags: number;
  /** Bytes from the chunk's start to its payload. */
  readonly headerBytes: number;
  readonly sequence: number;
  readonly storedBytes: number;
  readonly rawBytes: number;
  /** In force at the chunk's start. */
  readonly size: TerminalSize;
  /** Microseconds since the recording's start, of the first and last event. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** Output bytes before this chunk, and in it. */
  readonly offset: number;
  readonly outputBytes: number;
  readonly previous: Uint8Array;
}

export const chunkBytes = (header: ChunkHeader): number =>
  header.headerBytes + header.storedBytes + CHUNK_TRAILER_BYTES;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

export function writeU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, Math.floor(value / 0x1_0000_0000));
  view.setUint32(at + 4, value >>> 0);
}
/** Infinity when the number is past 2^53. */
export function readU64(view: DataView, at: number): number {
  const value = view.getUint32(at) * 0x1_0000_0000 + view.getUint32(at + 4);
  return value <= Number.MAX_SAFE_INTEGER ? value : Number.POSITIVE_INFINITY;
}

export function writeChunkHeader(into: Uint8Array, header: Omit<ChunkHeader, 'headerBytes'>): void {
  const view = viewOf(into);
  view.setUint32(0, CHUNK_MAGIC);
  into[4] = header.kind;
  into[5] = header.flags;
  view.setUint16(6, CHUNK_HEADER_BYTES);
  view.setUint32(8, header.sequence);
  view.setUint32(12, header.storedBytes);
  view.setUint32(16, header.rawBytes);
  view.setUint16(20, header.size.cols);
  view.setUint16(22, header.size.rows);
  writeU64(view, 24, header.firstUs);
  writeU64(view, 32, header.lastUs);
  writeU64(view, 40, header.offset);
  writeU64(view, 48, header.outputBytes);
  into.set(header.previous, 56);
}

/** Reads a header at the start of `bytes` (at least CHUNK_HEADER_BYTES long); a string says why it is none. */
export function readChunkHeader(bytes: Uint8Array): ChunkHeader | string {
  const view = viewOf(bytes);
  if (view.getUint32(0) !== CHUNK_MAGIC) return 'no chunk begins here';
  const flags = bytes[5]!;
  const header: ChunkHeader = {
    kind: bytes[4]!,
    flags,
    headerBytes: view.getUint16(6),
    sequence: view.getUint32(8),
    storedBytes: view.getUint32(12),
    rawBytes: view.getUint32(16),
    size: { cols: view.getUint16(20), rows: view.getUint16(22) },
    firstUs: readU64(view, 24),
    lastUs: readU64(view, 32),
    offset: readU64(view, 40),
    outputBytes: readU64(view, 48),
    // A copy: the `slice` of Node's buffers would be a view of bytes that may be read over.
    previous: new Uint8Array(bytes.subarray(56, 56 + HASH_BYTES)),
  };
  if (header.headerBytes < CHUNK_HEADER_BYTES || header.headerBytes > MAX_CHUNK_HEADER_BYTES)
    return `a chunk header of ${header.headerBytes} bytes`;
  if (header.storedBytes > MAX_PAYLOAD_BYTES || header.rawBytes > MAX_PAYLOAD_BYTES)
    return `a chunk of ${Math.max(header.storedBytes, header.rawBytes)} bytes, the limit is ${MAX_PAYLOAD_BYTES}`;
  if ((flags & MUST_UNDERSTAND_FLAGS & ~(CHUNK_FLAG.GZIP | CHUNK_FLAG.ENCRYPTED)) !== 0)
    return `chunk flags ${flags} need a newer reader`;
  if ((flags & CHUNK_FLAG.GZIP) === 0 && header.storedBytes !== header.rawBytes) return 'chunk lengths disagree';
  if (!Number.isFinite(header.lastUs) || header.firstUs > header.lastUs) return 'chunk times disagree';
  if (!Number.isFinite(header.offset + header.outputBytes)) return 'an output offset past 2^53';
  return header;
}

/** Why `header` cannot follow `before` (undefined: it is the first), or undefined when it can. Hashes apart. */
export function checkSuccession(before: ChunkHeader | undefined, header: ChunkHeader): string | undefined {
  if (before === undefined && header.kind !== CHUNK_KIND.HEADER) return 'the first chunk is not a header';
  const sequence = before === undefined ? 0 : before.sequence + 1;
  if (header.sequence !== sequence) return `chunk ${header.sequence} where ${sequence} was due`;
  const offset = before === undefined ? 0 : before.offset + before.outputBytes;
  if (header.offset !== offset) return `output offset ${header.offset} where ${offset} was due`;
  if (before !== undefined && header.firstUs < before.lastUs) return 'time goes back';
  return undefined;
}

export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
