/**
 * The seal: the last chunk of a finished recording. Its payload is fixed fields, so that state, duration and size are
 * read from the end of the file at once. A file without a seal is being written, or was cut off.
 */
import { readU64, writeU64 } from './chunk-header.js';

export interface Seal {
  readonly state: 'complete' | 'truncated';
  /** Exit status of the shell, when the target told it. */
  readonly exitCode?: number;
  /** Position of an index chunk, 0 when there is none. */
  readonly indexPosition: number;
}
export const SEAL_BYTES = 16;
const STATE = { complete: 1, truncated: 2 } as const;
const HAS_EXIT_CODE = 1;

export function encodeSeal(seal: Seal): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(SEAL_BYTES);
  const view = new DataView(bytes.buffer);
  bytes[0] = STATE[seal.state];
  if (seal.exitCode !== undefined) {
    bytes[1] = HAS_EXIT_CODE;
    view.setInt32(4, seal.exitCode);
  }
  writeU64(view, 8, seal.indexPosition);
  return bytes;
}

/** Longer payloads are later versions of the same fields; shorter or unknown ones are no seal. */
export function decodeSeal(payload: Uint8Array): Seal | undefined {
  if (payload.length < SEAL_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength);
  const state = payload[0] === STATE.complete ? 'complete' : payload[0] === STATE.truncated ? 'truncated' : undefined;
  if (state === undefined) return undefined;
  const exitCode = (payload[1]! & HAS_EXIT_CODE) !== 0 ? { exitCode: view.getInt32(4) } : {};
  return { state, ...exitCode, indexPosition: readU64(view, 8) };
}
