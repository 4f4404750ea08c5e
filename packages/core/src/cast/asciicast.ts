/**
 * asciicast v2 and v3 as exports of a recording, line by line, so that an export of any length needs the memory of one
 * event. The format holds text only: bytes are decoded across event borders, and only what is no UTF-8 at all becomes
 * U+FFFD, here and nowhere else (W16, F16). Resizes are `r` events (W17), markers `m`, kept input `i`; v3 ends with `x` when
 * the exit status is known.
 * Times are whole microseconds, written with six digits; in v3 the intervals add up exactly.
 */
import type { RecordedEvent } from './recorded-event.js';
import type { RecordingHeader } from './recording-header.js';

export type AsciicastVersion = 2 | 3;

export class AsciicastEncoder {
  private readonly version: AsciicastVersion;
  private readonly header: RecordingHeader;
  // ignoreBOM keeps a byte order mark as the text it is.
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  private readonly typed = new TextDecoder('utf-8', { ignoreBOM: true });
  private lastUs = 0;

  constructor(version: AsciicastVersion, header: RecordingHeader) {
    this.version = version;
    this.header = header;
  }

  /** The first line. All fields of X16; an unknown shell is an empty string. */
  head(): string {
    const { size, term, shell = '', title, startedAt } = this.header;
    const timestamp = Math.floor(startedAt / 1000);
    const value =
      this.version === 2
        ? { version: 2, width: size.cols, height: size.rows, timestamp, env: { SHELL: shell, TERM: term }, title }
        : {
            version: 3,
            term: { cols: size.cols, rows: size.rows, type: term },
            timestamp,
            env: { SHELL: shell },
            title,
          };
    return `${JSON.stringify(value)}\n`;
  }

  /** Lines for one event: none when it holds only the beginning of a character. */
  event(event: RecordedEvent): string {
    const us = Math.max(this.lastUs, Math.round(event.atMs * 1000));
    switch (event.type) {
      case 'output': {
        const text = this.decoder.decode(event.bytes, { stream: true });
        return text === '' ? '' : this.line(us, 'o', text);
      }
      case 'resize':
        return this.line(us, 'r', `${event.size.cols}x${event.size.rows}`);
      case 'marker':
        return this.line(us, 'm', event.label);
      case 'input': {
        const text = this.typed.decode(event.bytes, { stream: true });
        return text === '' ? '' : this.line(us, 'i', text);
      }
      case 'end': {
        const rest = this.decoder.decode();
        const exit = this.version === 3 && event.exitCode !== undefined;
        return (rest === '' ? '' : this.line(us, 'o', rest)) + (exit ? this.line(us, 'x', `${event.exitCode}`) : '');
      }
    }
  }

  private line(us: number, code: string, data: string): string {
    const time = this.version === 2 ? us : us - this.lastUs;
    this.lastUs = us;
    const seconds = Math.floor(time / 1_000_000);
    return `[${seconds}.${String(time % 1_000_000).padStart(6, '0')}, "${code}", ${JSON.stringify(data)}]\n`;
  }
}

/** A whole export as a stream of lines. A recording still being written ends where it stands. */
export async function* exportAsciicast(
  version: AsciicastVersion,
  header: RecordingHeader,
  events: AsyncIterable<RecordedEvent> | Iterable<RecordedEvent>,
): AsyncGenerator<string, void, undefined> {
  const encoder = new AsciicastEncoder(version, header);
  yield encoder.head();
  let last: RecordedEvent | undefined;
  for await (const event of events) {
    last = event;
    const lines = encoder.event(event);
    if (lines !== '') yield lines;
  }
  if (last !== undefined && last.type !== 'end') {
    const lines = encoder.event({ type: 'end', atMs: last.atMs, offset: last.offset });
    if (lines !== '') yield lines;
  }
}
