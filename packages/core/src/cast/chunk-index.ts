/**
 * Positions of some chunks by time and offset, so that a place in a long recording is found by a look instead of a hop
 * over every header. One entry each INDEX_STEP_BYTES of the file; when there are too many, every second one goes and the
 * step doubles: bounded whatever the length, and a hop of one step is short.
 */
import { readU64, writeU64 } from './chunk-header.js';

export interface IndexEntry {
  /** Byte in the file at which the chunk begins. */
  readonly position: number;
  readonly firstUs: number;
  readonly offset: number;
}
export const INDEX_STEP_BYTES = 512 * 1024;
export const INDEX_LIMIT = 2048;
const ENTRY_BYTES = 24;

export class ChunkIndex {
  entries: IndexEntry[] = [];
  private step = INDEX_STEP_BYTES;

  add(entry: IndexEntry): void {
    const last = this.entries.at(-1);
    if (last !== undefined && entry.position - last.position < this.step) return;
    this.entries.push(entry);
    if (this.entries.length < INDEX_LIMIT) return;
    this.entries = this.entries.filter((_, n) => n % 2 === 0);
    this.step *= 2;
  }
}

/**
 * A chunk that ends at or before output offset `from`, so that hopping may begin after it; undefined: begin at the front.
 * The last entry before `from` may hold it, so the one before that is taken.
 */
export function entryBefore(entries: readonly IndexEntry[], from: number): IndexEntry | undefined {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.offset < from) low = middle + 1;
    else high = middle;
  }
  return entries[low - 2];
}

export function encodeIndex(entries: readonly IndexEntry[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(entries.length * ENTRY_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [n, { position, firstUs, offset }] of entries.entries()) {
    writeU64(view, n * ENTRY_BYTES, position);
    writeU64(view, n * ENTRY_BYTES + 8, firstUs);
    writeU64(view, n * ENTRY_BYTES + 16, offset);
  }
  return bytes;
}

/** undefined when the payload is no index: entries must rise. */
export function decodeIndex(payload: Uint8Array): IndexEntry[] | undefined {
  if (payload.length % ENTRY_BYTES !== 0) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const entries: IndexEntry[] = [];
  let before: IndexEntry = { position: -1, firstUs: 0, offset: 0 };
  for (let at = 0; at < payload.length; at += ENTRY_BYTES) {
    const entry = { position: readU64(view, at), firstUs: readU64(view, at + 8), offset: readU64(view, at + 16) };
    const { position, firstUs, offset } = entry;
    if (!(position > before.position && firstUs >= before.firstUs && offset >= before.offset)) return undefined;
    if (!Number.isFinite(position + firstUs + offset)) return undefined;
    entries.push(entry);
    before = entry;
  }
  return entries;
}
