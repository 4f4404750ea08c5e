/** The container's bytes as a stream, piece by piece, as fast as the reader takes them. */
import { Readable } from 'node:stream';
import type { RecordingStore } from '../../../gateway/ports/recording-store.js';

const PIECE_BYTES = 256 * 1024;

export function rawRecording(
  recordings: RecordingStore,
  sessionId: string,
  start: number,
  end: number,
  view: 'stored' | 'plain' = 'stored',
): Readable {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = start; at < end; ) {
      const piece = await recordings.readRaw(sessionId, at, Math.min(end, at + PIECE_BYTES), view);
      // The length is promised already: a file that became shorter must not end as if it were whole.
      if (piece.length === 0) throw new Error('the recording is shorter than it was');
      at += piece.length;
      yield piece;
    }
  }
  return Readable.from(pieces(), { objectMode: false, highWaterMark: PIECE_BYTES });
}

export type ByteRange = { readonly start: number; readonly end: number };

/** One range of RFC 9110: `undefined` means send all, `unsatisfiable` means 416. End is exclusive. */
export function parseRange(header: string | undefined, size: number): ByteRange | 'unsatisfiable' | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? '');
  if (!found) return undefined;
  const [, first = '', last = ''] = found;
  if (first === '' && last === '') return undefined;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { start: size - length, end: size };
  }
  const start = Number(first);
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && Number(last) < start) return undefined;
  return start >= size ? 'unsatisfiable' : { start, end };
}
