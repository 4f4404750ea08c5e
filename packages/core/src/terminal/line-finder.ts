/**
 * Finds text in terminal output without an emulator: the bytes are read as lines, escape sequences left out, `\r`, `\b`
 * and the erasing and inserting of a prompt's editor carried out, so that a line counts as it stood and a word cut by a
 * chunk, a colour or a wrapped edge is still a word. Each cell knows when it was written: a match is shown when its last
 * cell is. An emulator would be exact and twenty times slower; searching a long recording must not be playing it.
 *
 * Limits: a program that paints by places (an editor) is read in pieces from one jump of the cursor to the next. A line
 * has a bound, so a file without line ends costs no memory.
 */
import { isWide, joins } from './cell-width.js';

export interface FoundText {
  /** When all of it stood there. */
  readonly atMs: number;
  readonly before: string;
  readonly match: string;
  readonly after: string;
}

/** Longer texts are nobody's words. */
export const MAX_NEEDLE_LENGTH = 200;
const MAX_CELLS = 8_192;
const AROUND = 60;
const MAX_PARAMETERS = 64;
/** What would turn or hide the text beside it where it is shown (V33). */
const UNREADABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const readable = (text: string): string => text.replace(UNREADABLE, '');

type State = 'ground' | 'escape' | 'skip' | 'csi' | 'string' | 'string-escape';

export class LineFinder {
  private readonly wanted: string;
  private readonly decoder = new TextDecoder();
  private cols: number;
  private cells: string[] = [];
  private times: number[] = [];
  private column = 0;
  private state: State = 'ground';
  private parameters = '';
  private last = ' ';
  private changed = false;
  /** Of this line, told already: a progress bar is one match and not a hundred. */
  private told = new Set<string>();
  private found: FoundText[] = [];

  constructor(text: string, cols = 80) {
    this.wanted = text.normalize('NFC').toLowerCase();
    this.cols = Math.max(1, cols);
  }

  resize(cols: number): void {
    this.cols = Math.max(1, cols);
  }

  /** What became certain by these bytes. */
  feed(bytes: Uint8Array, atMs: number): readonly FoundText[] {
    for (const char of this.decoder.decode(bytes, { stream: true })) this.take(char, char.codePointAt(0) ?? 0, atMs);
    return this.taken();
  }

  /** The line that stands unfinished. */
  end(): readonly FoundText[] {
    this.finishLine();
    return this.taken();
  }

  private taken(): readonly FoundText[] {
    const found = this.found;
    if (found.length > 0) this.found = [];
    return found;
  }

  private take(char: string, code: number, atMs: number): void {
    if (this.state === 'string' || this.state === 'string-escape') {
      const ended = code === 0x07 || code === 0x9c || code === 0x18 || code === 0x1a;
      if (ended || (this.state === 'string-escape' && char === '\\')) this.state = 'ground';
      else this.state = code === 0x1b ? 'string-escape' : 'string';
      return;
    }
    if (code < 0x20 || (code >= 0x7f && code < 0xa0)) {
      this.control(code);
      return;
    }
    switch (this.state) {
      case 'ground':
        this.write(char, code, atMs);
        return;
      case 'skip':
        this.state = 'ground';
        return;
      case 'escape':
        this.escape(char);
        return;
      case 'csi':
        if (code < 0x40) {
          if (this.parameters.length < MAX_PARAMETERS) this.parameters += char;
          return;
        }
        this.state = 'ground';
        this.sequence(char, atMs);
    }
  }

  private control(code: number): void {
    switch (code) {
      case 0x1b:
        this.state = 'escape';
        return;
      case 0x9b:
        this.state = 'csi';
        this.parameters = '';
        return;
      case 0x90:
      case 0x98:
      case 0x9d:
      case 0x9e:
      case 0x9f:
        this.state = 'string';
        return;
      case 0x18:
      case 0x1a:
        this.state = 'ground';
        return;
      case 0x0a:
      case 0x0b:
      case 0x0c:
      case 0x84:
      case 0x85:
        this.finishLine();
        return;
      case 0x0d:
        this.search();
        this.column = this.rowStart();
        return;
      case 0x08:
        this.column = Math.max(0, this.column - 1);
        return;
      case 0x09:
        this.column = Math.min(MAX_CELLS - 1, (Math.floor(this.column / 8) + 1) * 8);
    }
  }

  private escape(char: string): void {
    this.state = 'ground';
    if (char === '[') {
      this.state = 'csi';
      this.parameters = '';
    } else if (']PX^_'.includes(char)) this.state = 'string';
    else if ('()*+-./#% '.includes(char)) this.state = 'skip';
    else if ('DEMc8'.includes(char)) this.finishLine();
  }

  private sequence(final: string, atMs: number): void {
    const { parameters } = this;
    const first = Number.parseInt(parameters, 10);
    const count = Math.min(MAX_CELLS, Number.isNaN(first) ? 1 : Math.max(1, first));
    switch (final) {
      case 'C':
        this.column = Math.min(MAX_CELLS - 1, this.column + count);
        return;
      case 'D':
        this.column = Math.max(0, this.column - count);
        return;
      case 'G':
      case '`':
        this.search();
        this.column = Math.min(MAX_CELLS - 1, this.rowStart() + count - 1);
        return;
      case 'K':
        if (parameters === '2' || this.column < this.cells.length) this.search(); // seen until now
        if (parameters === '' || parameters === '0') this.cut(this.column);
        else if (parameters === '2') this.cut(this.rowStart());
        return;
      case 'P':
        this.cells.splice(this.column, count);
        this.times.splice(this.column, count);
        return;
      case '@':
        this.fill(this.column, atMs);
        this.cells.splice(this.column, 0, ...Array.from({ length: Math.min(count, this.cols) }, () => ' '));
        this.times.splice(this.column, 0, ...Array.from({ length: Math.min(count, this.cols) }, () => atMs));
        return;
      case 'b':
        for (let left = Math.min(count, this.cols); left > 0; left--) this.write(this.last, 0, atMs);
        return;
      case 'J':
        if (parameters !== '' && parameters !== '0') this.finishLine();
        else this.cut(this.column);
        return;
      case 'h':
      case 'l':
        if (/^\?(?:.*;)?(?:47|1047|1049)(?:;|$)/.test(parameters)) this.finishLine();
        return;
      case 'A':
      case 'B':
      case 'E':
      case 'F':
      case 'H':
      case 'L':
      case 'M':
      case 'S':
      case 'T':
      case 'd':
      case 'e':
      case 'f':
      case 'r':
      case 'u':
        this.finishLine();
    }
  }

  private write(char: string, code: number, atMs: number): void {
    if (code >= 0x300 && joins(char)) {
      const at = this.cells[this.column - 1] === '' ? this.column - 2 : this.column - 1;
      if ((this.cells[at]?.length ?? 64) < 64) this.cells[at] += char;
      return;
    }
    if (this.column >= MAX_CELLS) this.cutLongLine();
    this.fill(this.column, atMs);
    this.cells[this.column] = char;
    this.times[this.column] = atMs;
    this.column++;
    if (isWide(code)) {
      this.cells[this.column] = '';
      this.times[this.column] = atMs;
      this.column++;
    }
    this.last = char;
    this.changed = true;
  }

  /** No holes: a jump to the right leaves spaces. */
  private fill(to: number, atMs: number): void {
    while (this.cells.length < to) {
      this.cells.push(' ');
      this.times.push(atMs);
    }
  }

  private cut(column: number): void {
    this.cells.length = Math.min(this.cells.length, column);
    this.times.length = this.cells.length;
  }

  /** In a wrapped line `\r` goes to the left edge of its last row; at the edge itself nothing has wrapped yet. */
  private rowStart(): number {
    return this.column === 0 ? 0 : Math.floor((this.column - 1) / this.cols) * this.cols;
  }

  private finishLine(): void {
    this.search();
    this.cells = [];
    this.times = [];
    this.column = 0;
    if (this.told.size > 0) this.told = new Set();
  }

  /** The tail stays that could begin a match. */
  private cutLongLine(): void {
    this.search();
    const kept = Math.max(0, this.wanted.length - 1);
    this.cells = kept === 0 ? [] : this.cells.slice(-kept);
    this.times = kept === 0 ? [] : this.times.slice(-kept);
    this.column = this.cells.length;
    this.told = new Set();
  }

  private search(): void {
    if (!this.changed || this.wanted === '') return;
    this.changed = false;
    const lower = this.cells.join('').toLowerCase();
    let from = lower.indexOf(this.wanted);
    if (from < 0) return;
    // Position in the lower-case text of each cell: a letter may become two.
    const cellAt: number[] = [];
    this.cells.forEach((cell, index) => {
      for (let left = cell.toLowerCase().length; left > 0; left--) cellAt.push(index);
    });
    for (; from >= 0; from = lower.indexOf(this.wanted, from + this.wanted.length)) {
      const [first, last] = [cellAt[from] ?? 0, cellAt[from + this.wanted.length - 1] ?? this.cells.length - 1];
      const match = this.cells.slice(first, last + 1).join('');
      const key = `${first} ${match}`;
      if (this.told.has(key)) continue;
      this.told.add(key);
      let atMs = 0;
      for (let cell = first; cell <= last; cell++) atMs = Math.max(atMs, this.times[cell] ?? 0);
      this.found.push({
        atMs,
        before: readable(this.cells.slice(Math.max(0, first - AROUND), first).join('')),
        match: readable(match),
        after: readable(this.cells.slice(last + 1, last + 1 + AROUND).join('')),
      });
    }
  }
}
