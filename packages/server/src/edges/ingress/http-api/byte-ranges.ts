/** An answer of bytes that are all there, whole or the range asked for. */
import { Readable } from 'node:stream';
import { parseRange } from './raw-recording.js';
import type { Reply } from './route.js';

export function bytesReply(
  bytes: Uint8Array,
  mediaType: string,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    kind: 'bytes',
    status: 200,
    headers: { 'content-type': mediaType, 'content-length': String(bytes.length), ...headers },
    body: Readable.from([bytes], { objectMode: false }),
  };
}

/** The one range that must be asked for; what has no end known beforehand is not sent whole. */
export function askedRange(header: string | undefined, most: number): { start: number; end: number } | undefined {
  const range = parseRange(header, Number.MAX_SAFE_INTEGER);
  if (range === undefined || range === 'unsatisfiable' || range.end - range.start > most) return undefined;
  return range;
}
