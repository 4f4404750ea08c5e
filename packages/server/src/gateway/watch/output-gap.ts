/**
 * What a session printed since its screen was last brought up to date. A flood of plain lines, coloured or not, is not held:
 * where the screen scrolls and its scrollback is full they leave no trace but the last, and the pen (the law beside this
 * file). Telling plain bytes costs one pass over them, no parse.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { createPlainText, penOf } from './plain-text.js';

export type GapEntry =
  /** `skipped`: bytes before these were left out; what of them sets the pen stands first, and is counted. */
  { readonly offset: number; readonly bytes: Buffer; readonly skipped?: true } | { readonly size: TerminalSize };

/** Kept of a flood: the tallest screen and what a watcher may scroll back. */
export const KEPT_LINES = 2_000;
/** Lines without CR among them, as a raw terminal prints, are looked through so far and not for ever. */
const LOOKED_AT_LINES = 2 * KEPT_LINES;
const LF = 0x0a;
const CR = 0x0d;

export interface OutputGap {
  /** Output bytes so far. */
  readonly offset: number;
  /** Entries so far, those forgotten among them: a place in the order of bytes and sizes. */
  readonly mark: number;
  /** Bytes held. */
  readonly bytes: number;
  /** Nothing of it but text, its colours and line ends. */
  readonly plain: boolean;
  /** What is held ends between two characters or sequences, if plain. */
  readonly whole: boolean;
  output(bytes: Buffer): void;
  /** Output that is not held; nothing is, when it is told. */
  pass(bytes: number): void;
  resize(size: TerminalSize): void;
  /** Leaves out what a flood of plain lines has pushed away. The screen before it must be `scrolledFull`. */
  cut(): boolean;
  /** What came from that mark on. */
  since(mark: number): readonly GapEntry[];
  /** Forgets what came before the mark. */
  drop(mark: number): void;
}

export function createOutputGap(): OutputGap {
  let entries: GapEntry[] = [];
  /** The mark of the first entry. */
  let base = 0;
  let offset = 0;
  let held = 0;
  let plain = true;
  let text = createPlainText();

  const since = (mark: number): GapEntry[] => entries.slice(Math.max(0, mark - base));
  return {
    get offset() {
      return offset;
    },
    get mark() {
      return base + entries.length;
    },
    get bytes() {
      return held;
    },
    get plain() {
      return plain;
    },
    get whole() {
      return text.whole;
    },
    output(bytes) {
      entries.push({ offset, bytes });
      offset += bytes.length;
      held += bytes.length;
      plain &&= text.push(bytes);
    },
    pass(bytes) {
      offset += bytes;
    },
    resize(size) {
      entries.push({ size });
      plain = false;
    },
    cut() {
      const found = plain ? lastLines(entries) : undefined;
      const first = found && entries[found.index];
      if (!found || !first || !('bytes' in first)) return false;
      // A copy: the pool it was cut from would be held as a whole.
      const left = entries.slice(0, found.index).flatMap((entry) => ('bytes' in entry ? [entry.bytes] : []));
      const pen = penOf([...left, first.bytes.subarray(0, found.at)]);
      if (pen === undefined) return false;
      const rest = Buffer.concat([pen, first.bytes.subarray(found.at)]);
      const from = first.offset + found.at - pen.length;
      base += found.index;
      entries = [{ offset: from, bytes: rest, skipped: true }, ...entries.slice(found.index + 1)];
      held = offset - from;
      return true;
    },
    since,
    drop(mark) {
      if (mark <= base) return;
      entries = since(mark);
      base = mark;
      held = 0;
      plain = true;
      text = createPlainText();
      for (const entry of entries) {
        if ('bytes' in entry) held += entry.bytes.length;
        plain &&= 'bytes' in entry && text.push(entry.bytes);
      }
    },
  };
}

/** Where the line end (CR LF) before the last KEPT_LINES stands. */
function lastLines(entries: readonly GapEntry[]): { readonly index: number; readonly at: number } | undefined {
  let lines = 0;
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index]!;
    if (!('bytes' in entry)) return undefined;
    const { bytes } = entry;
    for (let at = bytes.lastIndexOf(LF); at >= 0; at = at === 0 ? -1 : bytes.lastIndexOf(LF, at - 1)) {
      if (++lines > KEPT_LINES && at > 0 && bytes[at - 1] === CR) return { index, at: at - 1 };
      if (lines > LOOKED_AT_LINES) return undefined;
    }
  }
  return undefined;
}
