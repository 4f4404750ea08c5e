/**
 * Cuts a stream of bytes into lines. Cut as bytes and decoded after: no character of UTF-8 holds a line feed, and nothing
 * is decoded twice. Holds one line, up to a limit that the caller sets for the line to come.
 */
export interface Line {
  readonly text: string;
  /** Counts from 1. */
  readonly number: number;
  /** A line feed ended it; else the file did. */
  readonly ended: boolean;
}

export class LineCutter {
  /** A line is longer than the limit: its number. Nothing is taken any more. */
  overlong: number | undefined;
  limitBytes: number;
  private number = 0;
  private parts: Uint8Array[] = [];
  private held = 0;
  // Invalid UTF-8 becomes U+FFFD. A byte order mark is dropped here: JSON may not begin with one.
  private readonly utf8 = new TextDecoder();

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes;
  }

  *push(bytes: Uint8Array): Generator<Line, void, undefined> {
    let at = 0;
    while (this.overlong === undefined) {
      const end = bytes.indexOf(0x0a, at);
      const part = bytes.subarray(at, end < 0 ? bytes.length : end);
      if (this.held + part.length > this.limitBytes) {
        this.overlong = this.number + 1;
        this.parts = [];
        return;
      }
      if (end < 0) {
        if (part.length > 0) this.parts.push(part.slice());
        this.held += part.length;
        return;
      }
      yield this.line(part, true);
      at = end + 1;
    }
  }

  *finish(): Generator<Line, void, undefined> {
    if (this.overlong === undefined && this.held > 0) yield this.line(new Uint8Array(0), false);
  }

  private line(last: Uint8Array, ended: boolean): Line {
    let bytes = last;
    if (this.held > 0) {
      bytes = new Uint8Array(this.held + last.length);
      let at = 0;
      for (const part of [...this.parts, last]) {
        bytes.set(part, at);
        at += part.length;
      }
      this.parts = [];
      this.held = 0;
    }
    this.number += 1;
    return { text: this.utf8.decode(bytes), number: this.number, ended };
  }
}
