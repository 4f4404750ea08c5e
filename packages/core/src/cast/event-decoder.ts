/**
 * Opens the raw payload of an events chunk. Unknown event types are skipped by their length. A payload that does not
 * add up is refused as a whole with the reason: its hash did not match either, or its writer was wrong.
 */
import { SIZE_MAX, SIZE_MIN, type TerminalSize } from '../model/session.js';
import type { ChunkHeader } from './chunk-header.js';
import { EVENT_TYPE } from './container.js';
import type { RecordedEvent } from './recorded-event.js';

// ignoreBOM: a label that begins with U+FEFF keeps it.
const LABEL = new TextDecoder('utf-8', { ignoreBOM: true });

export function decodeEvents(header: ChunkHeader, payload: Uint8Array): RecordedEvent[] | string {
  const events: RecordedEvent[] = [];
  let at = 0;
  let us = header.firstUs;
  let { offset } = header;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < payload.length && value <= Number.MAX_SAFE_INTEGER; scale *= 0x80) {
      const byte = payload[at++]!;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return Number.POSITIVE_INFINITY;
  };
  while (at < payload.length) {
    const type = payload[at++];
    us += varint();
    const length = varint();
    if (us > header.lastUs || length > payload.length - at) return 'an event reaches past its chunk';
    const body = payload.subarray(at, at + length);
    at += length;
    if (type === EVENT_TYPE.OUTPUT) {
      events.push({ type: 'output', atMs: us / 1000, offset, bytes: body });
      offset += length;
    } else if (type === EVENT_TYPE.RESIZE) {
      const size = sizeOf(body);
      if (size === undefined) return 'a resize event without a size';
      events.push({ type: 'resize', atMs: us / 1000, offset, size });
    } else if (type === EVENT_TYPE.INPUT) {
      events.push({ type: 'input', atMs: us / 1000, offset, bytes: body });
    } else if (type === EVENT_TYPE.MARKER) {
      events.push({ type: 'marker', atMs: us / 1000, offset, label: LABEL.decode(body) });
    }
  }
  if (offset !== header.offset + header.outputBytes) return 'the events do not add up to the chunk';
  return events;
}

function sizeOf(body: Uint8Array): TerminalSize | undefined {
  if (body.length < 4) return undefined;
  const size = { cols: (body[0]! << 8) | body[1]!, rows: (body[2]! << 8) | body[3]! };
  const sound = (n: number): boolean => n >= SIZE_MIN && n <= SIZE_MAX;
  return sound(size.cols) && sound(size.rows) ? size : undefined;
}
