/**
 * The bytes of a replay index beside its recording (`<id>.spri`): a preamble that binds it to one state of one recording,
 * then the thumbnail, the table and the keyframes, each a gzip member, so that a flipped bit shows. A sidecar whose
 * binding is not the recording's is not looked at further.
 */
import { readU64, writeU64 } from './chunk-header.js';
import { HASH_BYTES } from './container.js';

const SIGNATURE = Uint8Array.of(0x89, 0x53, 0x50, 0x52, 0x49, 0x0d, 0x0a, 0x1a);
const MAJOR = 1;
export const INDEX_PREAMBLE_BYTES = 64;
const KEYFRAME_MAGIC = 0x53504b46; // "SPKF"
export const KEYFRAME_HEADER_BYTES = 24;
/** A reader refuses more: bounds its memory whatever a file claims. */
export const MAX_TABLE_BYTES = 8 * 1024 * 1024;
export const MAX_KEYFRAME_RAW_BYTES = 16 * 1024 * 1024;

export interface IndexPreamble {
  readonly thumbnailBytes: number;
  readonly tableBytes: number;
  /** Of the recording as it was read. */
  readonly recordingBytes: number;
  readonly head: Uint8Array;
}
export const keyframesStart = ({ thumbnailBytes, tableBytes }: IndexPreamble): number =>
  INDEX_PREAMBLE_BYTES + thumbnailBytes + tableBytes;

export function encodeIndexPreamble(preamble: IndexPreamble): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(INDEX_PREAMBLE_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(SIGNATURE);
  bytes[8] = MAJOR;
  view.setUint32(12, preamble.thumbnailBytes);
  view.setUint32(16, preamble.tableBytes);
  writeU64(view, 24, preamble.recordingBytes);
  bytes.set(preamble.head, 32);
  return bytes;
}
export function decodeIndexPreamble(bytes: Uint8Array): IndexPreamble | undefined {
  if (bytes.length < INDEX_PREAMBLE_BYTES || bytes[8] !== MAJOR) return undefined;
  if (SIGNATURE.some((byte, at) => bytes[at] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const preamble = {
    thumbnailBytes: view.getUint32(12),
    tableBytes: view.getUint32(16),
    recordingBytes: readU64(view, 24),
    head: bytes.slice(32, 32 + HASH_BYTES),
  };
  return preamble.thumbnailBytes + preamble.tableBytes > MAX_TABLE_BYTES ? undefined : preamble;
}

/** What stands before a keyframe's gzip member: tells a reader that it got the one its table names. */
export interface KeyframeHeader {
  readonly offset: number;
  readonly scrollback: number;
  readonly rawBytes: number;
}
export function encodeKeyframe({ offset, scrollback, rawBytes }: KeyframeHeader, gzipped: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(KEYFRAME_HEADER_BYTES + gzipped.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, KEYFRAME_MAGIC);
  writeU64(view, 4, offset);
  view.setUint32(12, scrollback);
  view.setUint32(16, rawBytes);
  bytes.set(gzipped, KEYFRAME_HEADER_BYTES);
  return bytes;
}
export function decodeKeyframeHeader(bytes: Uint8Array): KeyframeHeader | undefined {
  if (bytes.length < KEYFRAME_HEADER_BYTES) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const rawBytes = view.getUint32(16);
  if (view.getUint32(0) !== KEYFRAME_MAGIC || rawBytes > MAX_KEYFRAME_RAW_BYTES) return undefined;
  return { offset: readU64(view, 4), scrollback: view.getUint32(12), rawBytes };
}
