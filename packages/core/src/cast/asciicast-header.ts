/**
 * The head of an asciicast of any version, and of v1 also where its events begin. Only the size and the version are
 * needed; a field of the wrong type is passed over like one that is not known, as programs have written all sorts.
 */
import { DEFAULT_SIZE, SIZE_MAX, SIZE_MIN, type TerminalSize } from '../model/session.js';
import type { JsonReader } from './json-reader.js';

export interface AsciicastHeader {
  readonly version: 1 | 2 | 3;
  readonly size: TerminalSize;
  /** The file gave no size, or one that no terminal has. */
  readonly sizeChanged: boolean;
  /** UTC ms of the first event, as the file says. */
  readonly startedAt?: number;
  readonly term?: string;
  readonly shell?: string;
  readonly title?: string;
  readonly command?: string;
  /** v1: where in the text the array of events stands. */
  readonly stdoutAt?: number;
}

const MAX_TEXT = 512;
/** The year 5138: longer numbers are milliseconds, or nonsense. */
const MAX_TIMESTAMP_S = 1e11;

/** Reads the object `reader` stands before. A string says what is wrong with it, `undefined` that it is no JSON. */
export function readAsciicastHeader(reader: JsonReader): AsciicastHeader | string | undefined {
  const numbers = new Map<string, number>();
  const texts = new Map<string, string>();
  let stdoutAt: number | undefined;
  const field =
    (prefix: string, inside: readonly string[]) =>
    (key: string): boolean => {
      const name = prefix + key;
      const char = reader.peek();
      if (name === 'stdout' && char === '[') stdoutAt = reader.at;
      if (char === '{' && inside.includes(key)) return reader.object(field(`${key}.`, []));
      if (char === '"') {
        const value = reader.string();
        if (value !== undefined) texts.set(name, value.slice(0, MAX_TEXT));
        return value !== undefined;
      }
      if (char !== undefined && /[-\d]/.test(char)) {
        const value = reader.number();
        if (value !== undefined) numbers.set(name, value);
        return value !== undefined;
      }
      return reader.skip();
    };
  if (!reader.object(field('', ['env', 'term']))) return undefined;

  const version = numbers.get('version');
  if (version === undefined) return 'it names no version of asciicast';
  if (version !== 1 && version !== 2 && version !== 3) return `version ${version} of asciicast; 1, 2 and 3 are known`;
  const v3 = version === 3;
  const asked = { cols: numbers.get(v3 ? 'term.cols' : 'width'), rows: numbers.get(v3 ? 'term.rows' : 'height') };
  const size = soundSize(asked.cols, asked.rows);
  const timestamp = numbers.get('timestamp');
  const text = (key: string, name: string): object => {
    const value = texts.get(name) ?? '';
    return value === '' ? {} : { [key]: value };
  };
  return {
    version,
    size,
    sizeChanged: size.cols !== asked.cols || size.rows !== asked.rows,
    ...(timestamp !== undefined && timestamp > 0 && timestamp < MAX_TIMESTAMP_S
      ? { startedAt: Math.round(timestamp * 1000) }
      : {}),
    ...text('term', v3 ? 'term.type' : 'env.TERM'),
    ...text('shell', 'env.SHELL'),
    ...text('title', 'title'),
    ...text('command', 'command'),
    ...(stdoutAt === undefined ? {} : { stdoutAt }),
  };
}

/** Nothing and nought (a recorder without a terminal writes them) give the default, the rest goes to the nearest. */
export function soundSize(cols: number | undefined, rows: number | undefined): TerminalSize {
  const one = (value: number | undefined, otherwise: number): number =>
    value === undefined || value === 0 ? otherwise : Math.min(SIZE_MAX, Math.max(SIZE_MIN, Math.trunc(value)));
  return { cols: one(cols, DEFAULT_SIZE.cols), rows: one(rows, DEFAULT_SIZE.rows) };
}
