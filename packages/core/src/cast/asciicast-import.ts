/**
 * asciicast v1, v2 and v3 read as events, in pieces of any size and bounded memory: one line, or for v1, which is one JSON
 * document, the document. Written for files of strangers: what has no meaning is left out and counted, what cannot be
 * right is refused with its line and column, and it never throws.
 *
 * Kept as they are: output, resizes, markers, the exit status; input only when asked for, as it holds what was typed.
 * Times become whole microseconds and never go back. Text becomes UTF-8; a character that a careless recorder cut into
 * two halves over two events is joined again.
 * Rival: parse the whole file into one value. Ten times the file in memory, and a file of a gigabyte is not unusual.
 */
import { type AsciicastHeader, readAsciicastHeader, soundSize } from './asciicast-header.js';
import { type Line, LineCutter } from './asciicast-lines.js';
import { createHalfJoiner } from './half-characters.js';
import { JsonReader } from './json-reader.js';
import type { RecordedEvent } from './recorded-event.js';

/** A line of v2 or v3. Recorders write what one read of a pty gives, some 64 KiB; escaped, six times that. */
export const MAX_LINE_BYTES = 4 * 1024 * 1024;
/** A document of v1, which must be held as a whole. */
export const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
/** Ten years: far more than any recording, far less than what a container can hold. */
const MAX_US = 10 * 366 * 86_400 * 1_000_000;

/** Why a file cannot be read, and where. Both count from 1; the column in UTF-16 units. */
export interface AsciicastFault {
  readonly line: number;
  readonly column: number;
  readonly detail: string;
}
/** What was not taken as it stood. */
export interface AsciicastCounts {
  /** Events taken. */
  events: number;
  /** Typed input left out. */
  input: number;
  /** Events of a kind nobody defined. */
  unknown: number;
  /** Times that went back, or were negative. */
  times: number;
  /** Sizes outside 1 to 1000, and a missing one. */
  sizes: number;
  /** Halves of characters without their other half. */
  characters: number;
}

export class AsciicastDecoder {
  header: AsciicastHeader | undefined;
  /** Set: the file is refused, and nothing more comes. */
  fault: AsciicastFault | undefined;
  readonly counts: AsciicastCounts = { events: 0, input: 0, unknown: 0, times: 0, sizes: 0, characters: 0 };
  private readonly keepInput: boolean;
  private readonly lines = new LineCutter(MAX_DOCUMENT_BYTES);
  private readonly output = createHalfJoiner();
  private readonly input = createHalfJoiner();
  /** Lines of a document of v1 that is not yet whole. */
  private document: { readonly first: number; readonly lines: string[]; characters: number } | undefined;
  private us = 0;
  private restUs = 0;
  private offset = 0;
  private exitCode: number | undefined;
  /** The last line is cut: the file's writer died. What stands before it was taken. */
  private cut = false;

  constructor(options: { readonly keepInput?: boolean } = {}) {
    this.keepInput = options.keepInput ?? false;
  }

  /** Take all events before the next piece. */
  *push(bytes: Uint8Array): Generator<RecordedEvent, void, undefined> {
    for (const line of this.lines.push(bytes)) {
      if (this.fault !== undefined) return;
      yield* this.line(line);
    }
    const { overlong, limitBytes } = this.lines;
    if (overlong !== undefined) this.refuse(overlong, 1, `a line of more than ${limitBytes} bytes`);
  }

  /** After the last piece. The last event is `end`, unless the file is refused. */
  *finish(): Generator<RecordedEvent, void, undefined> {
    for (const line of this.lines.finish()) yield* this.line(line);
    if (this.document !== undefined && this.fault === undefined) {
      const { lines, first } = this.document;
      yield* this.whole(lines.join('\n'), first);
    }
    if (this.fault === undefined && this.header === undefined) this.refuse(1, 1, 'there is no asciicast in it');
    if (this.fault !== undefined) return;
    for (const type of ['output', 'input'] as const) {
      const bytes = this[type].finish();
      if (bytes !== undefined) yield this.bytes(type, bytes);
    }
    this.counts.characters = this.output.lost + this.input.lost;
    yield {
      ...this.moment(),
      type: 'end',
      ...(this.exitCode === undefined ? {} : { exitCode: this.exitCode }),
      ...(this.cut ? { truncated: true } : {}),
    };
  }

  private *line({ text, number, ended }: Line): Generator<RecordedEvent, void, undefined> {
    if (this.document !== undefined) {
      this.document.lines.push(text);
      this.document.characters += text.length + 1;
      if (this.document.characters > MAX_DOCUMENT_BYTES)
        this.refuse(this.document.first, 1, `a document of more than ${MAX_DOCUMENT_BYTES} bytes`);
      return;
    }
    const reader = new JsonReader(text);
    const first = reader.peek();
    if (first === undefined || first === '#') return;
    if (this.header === undefined) {
      yield* this.head(reader, number);
      return;
    }
    if (this.header.version === 1) {
      this.refuse(number, reader.at + 1, 'something stands after the document of version 1');
      return;
    }
    const event = this.event(reader, this.header.version);
    if (typeof event !== 'string') {
      if (event !== undefined) yield event;
      return;
    }
    if (!ended && reader.peek() === undefined) this.cut = true;
    else this.refuse(number, reader.at + 1, event);
  }

  private *head(reader: JsonReader, number: number): Generator<RecordedEvent, void, undefined> {
    if (reader.peek() !== '{') {
      this.refuse(number, reader.at + 1, 'an asciicast begins with a JSON object');
      return;
    }
    const header = readAsciicastHeader(reader);
    if (header === undefined && reader.peek() === undefined) {
      // It goes on in the next line: version 1 is one document, however it is laid out.
      this.document = { first: number, lines: [reader.text], characters: reader.text.length };
      return;
    }
    yield* this.begin(header, reader, number);
  }

  private *whole(text: string, first: number): Generator<RecordedEvent, void, undefined> {
    const reader = new JsonReader(text);
    const header = readAsciicastHeader(reader);
    if (typeof header === 'object' && header.version !== 1)
      this.refuse(first, 1, `the header of version ${header.version} does not stand on one line`);
    else yield* this.begin(header, reader, first);
  }

  private *begin(
    header: AsciicastHeader | string | undefined,
    reader: JsonReader,
    first: number,
  ): Generator<RecordedEvent, void, undefined> {
    if (header === undefined) this.refuseIn(reader, first, 'the header is no valid JSON');
    else if (typeof header === 'string') this.refuse(first, 1, header);
    else if (reader.peek() !== undefined) this.refuseIn(reader, first, 'something stands after the header');
    else {
      this.header = header;
      this.counts.sizes += header.sizeChanged ? 1 : 0;
      this.lines.limitBytes = MAX_LINE_BYTES;
      if (header.version !== 1) return;
      if (header.stdoutAt === undefined) this.refuse(first, 1, 'version 1 without a list of events in “stdout”');
      else yield* this.stdout(new JsonReader(reader.text, header.stdoutAt), first);
    }
  }

  /** Version 1: `[[delay, text], ...]`. */
  private *stdout(reader: JsonReader, first: number): Generator<RecordedEvent, void, undefined> {
    reader.take('[');
    if (reader.take(']')) return;
    do {
      const event = this.event(reader, 1);
      if (typeof event === 'string') {
        this.refuseIn(reader, first, event);
        return;
      }
      if (event !== undefined) yield event;
    } while (reader.take(','));
  }

  /** A string says what is wrong where the reader stands; undefined: nothing to keep. */
  private event(reader: JsonReader, version: 1 | 2 | 3): RecordedEvent | string | undefined {
    if (!reader.take('[')) return 'an event is a JSON array';
    reader.peek();
    const timeAt = reader.at;
    const seconds = reader.number();
    if (seconds === undefined) return 'an event begins with its time in seconds';
    let code: string | undefined = 'o';
    if (version > 1) {
      if (!reader.take(',')) return 'a comma is due after the time';
      code = reader.string();
      if (code === undefined) return 'the kind of an event is a string';
    }
    if (!reader.take(',')) return 'a comma is due here';
    reader.peek();
    const dataAt = reader.at;
    const data = reader.string();
    if (data === undefined) return 'the data of an event is a string';
    if (!reader.take(']')) return 'the event does not end here';
    if (version > 1 && reader.peek() !== undefined) return 'something stands after the event';
    const late = this.advance(seconds, version);
    const taken = late ?? this.keep(code, data);
    if (typeof taken === 'string') reader.at = late === undefined ? dataAt : timeAt;
    return taken;
  }

  private advance(seconds: number, version: 1 | 2 | 3): string | undefined {
    const asked = seconds * 1_000_000;
    if (!(Math.abs(asked) <= MAX_US)) return `a time of ${seconds} s`;
    let next = Math.round(asked);
    if (version !== 2) {
      // Intervals are rounded with what the rounding before left over, so that a thousand of them do not drift.
      const exact = asked < 0 ? 0 : asked + this.restUs;
      next = this.us + Math.round(exact);
      this.restUs = exact - Math.round(exact);
    }
    if (next > MAX_US) return 'a recording of more than ten years';
    if (asked < 0 || next < this.us) this.counts.times += 1;
    this.us = Math.max(this.us, next);
    return undefined;
  }

  private keep(code: string, data: string): RecordedEvent | string | undefined {
    switch (code) {
      case 'o':
        return this.text('output', data);
      case 'i':
        if (this.keepInput) return this.text('input', data);
        this.counts.input += 1;
        return undefined;
      case 'm':
        this.counts.events += 1;
        return { ...this.moment(), type: 'marker', label: data };
      case 'r': {
        const [, cols, rows] = /^(\d{1,9})x(\d{1,9})$/.exec(data) ?? [];
        if (cols === undefined || rows === undefined) return 'a size is written like 80x24';
        const size = soundSize(Number(cols), Number(rows));
        if (size.cols !== Number(cols) || size.rows !== Number(rows)) this.counts.sizes += 1;
        this.counts.events += 1;
        return { ...this.moment(), type: 'resize', size };
      }
      case 'x': {
        const status = /^-?\d{1,10}$/.test(data) ? Number(data) : Number.NaN;
        if ((status | 0) === status) this.exitCode = status;
        else this.counts.unknown += 1;
        return undefined;
      }
      default:
        this.counts.unknown += 1;
        return undefined;
    }
  }

  private text(type: 'output' | 'input', data: string): RecordedEvent | undefined {
    const bytes = this[type].push(data);
    if (bytes === undefined) return undefined;
    this.counts.events += 1;
    return this.bytes(type, bytes);
  }

  private bytes(type: 'output' | 'input', bytes: Uint8Array): RecordedEvent {
    const event = { ...this.moment(), type, bytes };
    if (type === 'output') this.offset += bytes.length;
    return event;
  }

  private moment(): { readonly atMs: number; readonly offset: number } {
    return { atMs: this.us / 1000, offset: this.offset };
  }

  private refuse(line: number, column: number, detail: string): void {
    this.fault ??= { line, column, detail };
  }

  /** Where the reader stands in a text that begins with line `first`. */
  private refuseIn(reader: JsonReader, first: number, detail: string): void {
    const before = reader.text.slice(0, reader.at);
    const lines = before.split('\n').length;
    this.refuse(first + lines - 1, before.length - before.lastIndexOf('\n'), detail);
  }
}
