/**
 * Reads one recording file in bounded memory: hops from chunk header to chunk header to find a place, then streams from
 * there. Nothing is cached between calls, so a file that is being written, repaired or replaced is read as it is.
 */
import type { FileHandle } from 'node:fs/promises';
import {
  type ChunkHeader,
  checkSuccession,
  chunkBytes,
  readChunkHeader,
  sameHash,
} from '@sallyport/core/cast/chunk-header.js';
import { decodeIndex, entryBefore, type IndexEntry } from '@sallyport/core/cast/chunk-index.js';
import type { ScannedChunk } from '@sallyport/core/cast/chunk-scanner.js';
import {
  CHUNK_HEADER_BYTES,
  CHUNK_KIND,
  CHUNK_TRAILER_BYTES,
  checkPreamble,
  HASH_BYTES,
  PREAMBLE_BYTES,
} from '@sallyport/core/cast/container.js';
import { type DecodeTools, decodeRecording, openChunk } from '@sallyport/core/cast/decode-recording.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { decodeSeal, type Seal } from '@sallyport/core/cast/seal.js';
import { DELETED_WHILE_READ } from '../../../gateway/ports/recording-store.js';
import { gunzipChunk } from './chunk-gzip.js';
import { sha256 } from './sha256.js';

export const TOOLS = { gunzip: gunzipChunk, sha256 };
/** Holds a score of small chunks; of a large one no more than the header is read in vain. */
const HOP_BYTES = 4 * 1024;
const BLOCK_BYTES = 128 * 1024;
/** Chunks that later versions may write after the seal (signatures). */
const AFTER_SEAL_LIMIT = 16;

/** Reads [position, position + length), less at the end of the file. */
export async function readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array> {
  const bytes = Buffer.allocUnsafeSlow(Math.max(0, length));
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

/** Between two chunks. */
export interface Place {
  readonly position: number;
  /** The chunk before, and its hash. */
  readonly after?: ChunkHeader;
  readonly hash: Uint8Array;
}

/**
 * Hops over chunks for as long as `pass` says so; lengths, numbering and the chain of hashes are checked, payloads are
 * not read. Answers the place before the first chunk that was not passed, or that is not whole before `end`; `broken`
 * says why in that case.
 */
export async function hop(
  file: FileHandle,
  end: number,
  pass: (header: ChunkHeader, position: number) => boolean | Promise<boolean>,
  /** A chunk to be passed unasked, from an index; what stands before it is not looked at. */
  first?: number,
): Promise<Place & { readonly broken?: string }> {
  let window = await readAt(file, 0, Math.min(HOP_BYTES, end));
  let windowAt = 0;
  const bytesAt = async (position: number, length: number): Promise<Uint8Array> => {
    if (position < windowAt || position + length > windowAt + window.length) {
      window = await readAt(file, position, Math.min(HOP_BYTES, end - position));
      windowAt = position;
    }
    return window.subarray(position - windowAt, position - windowAt + length);
  };
  let place: Place = { position: 0, hash: sha256(window.subarray(0, PREAMBLE_BYTES)) };
  const wrong = checkPreamble(window);
  if (wrong !== undefined) return { ...place, broken: wrong };
  place = { ...place, position: first ?? PREAMBLE_BYTES };
  let trusted = first !== undefined;
  for (;;) {
    const { position, after, hash } = place;
    if (position + CHUNK_HEADER_BYTES > end) return position === end ? place : { ...place, broken: 'a cut header' };
    const header = readChunkHeader(await bytesAt(position, CHUNK_HEADER_BYTES));
    const bad = typeof header === 'string' ? header : trusted ? undefined : checkSuccession(after, header);
    if (typeof header === 'string' || bad !== undefined) return { ...place, broken: bad ?? '' };
    if (!trusted && !sameHash(header.previous, hash))
      return { ...place, broken: 'the chain of hashes is broken before it' };
    const next = position + chunkBytes(header);
    if (next > end) return { ...place, broken: 'a cut chunk' };
    if (!trusted && !(await pass(header, position))) return place;
    trusted = false;
    // Trailer and next header are neighbours: one read serves both.
    const trailer = next - CHUNK_TRAILER_BYTES;
    if (trailer + CHUNK_TRAILER_BYTES + CHUNK_HEADER_BYTES > windowAt + window.length || trailer < windowAt) {
      window = await readAt(file, trailer, Math.min(HOP_BYTES, end - trailer));
      windowAt = trailer;
    }
    place = { position: next, after: header, hash: (await bytesAt(trailer, HASH_BYTES)).slice() };
  }
}

/** Events from output offset `from` on; when something is left out, a resize tells the size in force there. */
export async function* readEvents(
  file: FileHandle,
  end: number,
  from: number,
  growing: boolean,
  entries: readonly IndexEntry[],
  tools: DecodeTools = TOOLS,
): AsyncGenerator<RecordedEvent, void, undefined> {
  const before = ({ kind, offset, outputBytes }: ChunkHeader): boolean =>
    kind !== CHUNK_KIND.SEAL && offset + outputBytes < from;
  const start = from > 0 ? await hop(file, end, before, entryBefore(entries, from)?.position) : undefined;
  const options =
    start?.after === undefined
      ? { growing }
      : { growing, start: { position: start.position, after: start.after, hash: start.hash } };
  let deleted = false;
  async function* blocks(): AsyncGenerator<Uint8Array> {
    let at = options.start?.position ?? 0;
    while (at < end) {
      // Open files outlive their names: who reads slowly must not go on reading what was deleted.
      deleted = (await file.stat()).nlink === 0;
      if (deleted) return;
      const block = await readAt(file, at, Math.min(BLOCK_BYTES, end - at));
      if (block.length === 0) return;
      at += block.length;
      yield block;
    }
  }
  const skipped = {
    size: options.start === undefined ? undefined : await sizeAfter(file, options.start.position, end),
  };
  let told = from === 0;
  for await (const event of decodeRecording(blocks(), tools, options)) {
    if (deleted && event.type === 'end') {
      yield { ...event, truncated: true, damage: { position: end, detail: DELETED_WHILE_READ } };
      return;
    }
    if (told) {
      yield event;
      continue;
    }
    const reached = event.type === 'output' ? event.offset + event.bytes.length > from : event.offset >= from;
    if (!reached && event.type !== 'end') {
      if (event.type === 'resize') skipped.size = event.size;
      continue;
    }
    told = true;
    if (skipped.size !== undefined) yield { type: 'resize', atMs: event.atMs, offset: from, size: skipped.size };
    if (event.type === 'output' && event.offset < from)
      yield { ...event, offset: from, bytes: event.bytes.subarray(from - event.offset) };
    else yield event;
  }
}

/** The size in force at the chunk that begins at `position`: its header tells. */
async function sizeAfter(file: FileHandle, position: number, end: number) {
  if (position + CHUNK_HEADER_BYTES > end) return undefined;
  const header = readChunkHeader(await readAt(file, position, CHUNK_HEADER_BYTES));
  return typeof header === 'string' ? undefined : header.size;
}

/** A whole chunk at a position, its hash not yet compared; undefined when none stands there. */
export async function readChunk(file: FileHandle, position: number, end: number): Promise<ScannedChunk | undefined> {
  const head = await readAt(file, position, Math.min(CHUNK_HEADER_BYTES, end - position));
  if (head.length < CHUNK_HEADER_BYTES) return undefined;
  const header = readChunkHeader(head);
  if (typeof header === 'string' || position + chunkBytes(header) > end) return undefined;
  const bytes = await readAt(file, position, chunkBytes(header));
  const bodyEnd = bytes.length - CHUNK_TRAILER_BYTES;
  return {
    position,
    header,
    hashed: bytes.subarray(0, bodyEnd),
    stored: bytes.subarray(header.headerBytes, bodyEnd),
    hash: bytes.subarray(bodyEnd, bodyEnd + HASH_BYTES),
  };
}

export interface Sealed {
  readonly seal: Seal;
  readonly header: ChunkHeader;
  /** Hash of the file's last chunk. */
  readonly head: Uint8Array;
  /** A signature follows the seal. */
  readonly signed: boolean;
}

/** Walks back from the end of the file to its seal: two short reads, whatever the size. */
export async function readSeal(file: FileHandle, size: number): Promise<Sealed | undefined> {
  let end = size;
  let head: Uint8Array | undefined;
  for (let chunks = 0; chunks < AFTER_SEAL_LIMIT && end > PREAMBLE_BYTES; chunks += 1) {
    const tail = await readAt(file, end - 4, 4);
    if (tail.length < 4) return undefined;
    const total = new DataView(tail.buffer, tail.byteOffset, 4).getUint32(0);
    if (total < CHUNK_HEADER_BYTES + CHUNK_TRAILER_BYTES || total > end - PREAMBLE_BYTES) return undefined;
    const position = end - total;
    const chunk = await readChunk(file, position, end);
    if (chunk === undefined || chunkBytes(chunk.header) !== total) return undefined;
    const { kind } = chunk.header;
    if (kind === CHUNK_KIND.EVENTS || kind === CHUNK_KIND.HEADER) return undefined;
    if (!sameHash(sha256(chunk.hashed), chunk.hash)) return undefined;
    head ??= chunk.hash;
    if (kind === CHUNK_KIND.SEAL) {
      const seal = decodeSeal(chunk.stored);
      return seal === undefined ? undefined : { seal, header: chunk.header, head, signed: chunks > 0 };
    }
    end = position;
  }
  return undefined;
}

/** The index a sealed file carries; none when it is not sealed, or has none, or a damaged one. */
export async function readIndex(file: FileHandle, size: number): Promise<readonly IndexEntry[]> {
  const position = (await readSeal(file, size))?.seal.indexPosition ?? 0;
  const chunk = position > 0 && position < size ? await readChunk(file, position, size) : undefined;
  if (chunk === undefined || chunk.header.kind !== CHUNK_KIND.INDEX) return [];
  const payload = await openChunk(chunk, undefined, TOOLS);
  return (typeof payload === 'string' ? undefined : decodeIndex(payload)) ?? [];
}
