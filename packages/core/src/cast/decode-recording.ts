/**
 * A recording's bytes to events, in Node and in the browser: inflate and SHA-256 are arguments and may be asynchronous
 * (DecompressionStream, SubtleCrypto). Takes any prefix, in pieces of any size; every event of every whole chunk comes
 * out. It does not throw for what a file holds: the last event is `end`, with `damage` when the file did not end well.
 * Memory: one chunk. Without `sha256` (a page without a secure context) bytes are framed but not verified.
 */
import { type ChunkHeader, sameHash } from './chunk-header.js';
import { ChunkScanner, type ScannedChunk } from './chunk-scanner.js';
import { CHUNK_FLAG, CHUNK_KIND } from './container.js';
import { decodeEvents } from './event-decoder.js';
import type { OpenPayload } from './payload-cipher.js';
import type { Damage, RecordedEvent } from './recorded-event.js';
import { decodeRecordingHeader, type RecordingHeader } from './recording-header.js';
import { decodeSeal } from './seal.js';

export interface DecodeTools {
  /** Opens one gzip member of `rawBytes` bytes; must stop at that length. May throw: the chunk is then damaged. */
  gunzip(stored: Uint8Array, rawBytes: number): Uint8Array | Promise<Uint8Array>;
  sha256?(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** For encrypted recordings read as they are stored. */
  decrypt?: OpenPayload;
  /** The bytes come from a gateway that compared the hashes of what it decrypted. Never for files. */
  readonly trustOpened?: boolean;
}
export interface DecodeOptions {
  /** The bytes begin with the chunk after this one, not with the file. */
  readonly start?: { readonly position: number; readonly after: ChunkHeader; readonly hash: Uint8Array };
  /** The recording may still be growing: running out of chunks is not an end. */
  readonly growing?: boolean;
  onHeader?(header: RecordingHeader): void;
}

export async function* decodeRecording(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  tools: DecodeTools,
  options: DecodeOptions = {},
): AsyncGenerator<RecordedEvent, void, undefined> {
  const { start } = options;
  const scanner = new ChunkScanner(start);
  let previous = start?.hash;
  let last = start?.after;
  const end = (damage: Damage): RecordedEvent => ({ ...moment(last), type: 'end', truncated: true, damage });

  for await (const bytes of source) {
    for (const chunk of scanner.push(bytes)) {
      if (previous === undefined && scanner.preamble !== undefined) previous = await tools.sha256?.(scanner.preamble);
      const opened = await openChunk(chunk, previous, tools);
      if (typeof opened === 'string') {
        yield end({ position: chunk.position, detail: opened });
        return;
      }
      previous = chunk.hash;
      last = chunk.header;
      const { kind } = chunk.header;
      if (kind === CHUNK_KIND.HEADER) {
        const header = decodeRecordingHeader(opened);
        if (header !== undefined) options.onHeader?.(header);
      } else if (kind === CHUNK_KIND.EVENTS) {
        const events = decodeEvents(chunk.header, opened);
        if (typeof events === 'string') {
          yield end({ position: chunk.position, detail: events });
          return;
        }
        yield* events;
      } else if (kind === CHUNK_KIND.SEAL) {
        const seal = decodeSeal(opened);
        if (seal === undefined) {
          yield end({ position: chunk.position, detail: 'a seal of unknown form' });
          return;
        }
        const exitCode = seal.exitCode === undefined ? {} : { exitCode: seal.exitCode };
        const truncated = seal.state === 'truncated' ? { truncated: true } : {};
        yield { ...moment(last), type: 'end', ...exitCode, ...truncated };
        return;
      }
    }
    if (scanner.damage !== undefined) break;
  }
  if (scanner.damage !== undefined) yield end(scanner.damage);
  else if (options.growing !== true)
    yield end({ position: scanner.position, detail: scanner.pending > 0 ? 'the last chunk is cut' : 'no seal' });
}

const moment = (last: ChunkHeader | undefined): { atMs: number; offset: number } =>
  last === undefined ? { atMs: 0, offset: 0 } : { atMs: last.lastUs / 1000, offset: last.offset + last.outputBytes };

/** What `openChunk` says of a sound chunk whose key is not here. */
export const NO_KEY = 'it is encrypted, and its key is not here';

/** The raw payload, or why the chunk is not to be trusted. `previous` undefined: hashes are not looked at. */
export async function openChunk(
  chunk: ScannedChunk,
  previous: Uint8Array | undefined,
  tools: DecodeTools,
): Promise<Uint8Array | string> {
  const { header } = chunk;
  if (previous !== undefined && !sameHash(header.previous, previous)) return 'the chain of hashes is broken before it';
  const opened = (header.flags & CHUNK_FLAG.OPENED) !== 0;
  if (opened && tools.trustOpened !== true) return 'it says that somebody decrypted it';
  if (!opened && tools.sha256 !== undefined && !sameHash(await tools.sha256(chunk.hashed), chunk.hash))
    return 'its bytes do not match its hash';
  const encrypted = (header.flags & CHUNK_FLAG.ENCRYPTED) !== 0;
  const stored = encrypted ? await tools.decrypt?.(header.sequence, chunk.stored) : chunk.stored;
  if (stored === undefined) return NO_KEY;
  if ((header.flags & CHUNK_FLAG.GZIP) === 0) return stored;
  try {
    const raw = await tools.gunzip(stored, header.rawBytes);
    return raw.length === header.rawBytes ? raw : 'it opens to another length';
  } catch {
    return 'it does not decompress';
  }
}
