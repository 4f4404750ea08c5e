/**
 * What stood on a terminal, as text to be read: each line once, in the order in which people could read it. Not the bytes
 * without their escape sequences, which give every state of a progress bar and the keystrokes of an editor; an emulator
 * has drawn them, and tells here what left its screen.
 *
 * Kept: lines that scrolled away; the screen before it was erased; the last screen of a full-screen program; the screen at
 * the end. A screen that is erased and drawn again much the same (`watch`) counts once, as it was last.
 * Limits: what was drawn over in place is gone, and of a full-screen program only the last screen is kept.
 */

/** Of two screens, this share of the lines must be the same to call the second a redrawing of the first. */
const REDRAWN_SHARE = 0.5;
/** Controls and what turns text around; marks that join characters stay. */
const UNREADABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;

export class Transcript {
  /** The screen erased last: it is told when something else follows. */
  private erasedLast: readonly string[] = [];

  /** Lines that scrolled off the top. */
  scrolled(lines: readonly string[]): string {
    if (lines.length === 0) return '';
    return this.settle() + textOf(lines.map(readable));
  }

  /** The screen, just before it is erased. */
  erased(lines: readonly string[]): string {
    const screen = trimmed(lines);
    if (screen.length === 0) return '';
    const told = isRedrawn(this.erasedLast, screen) ? '' : this.settle();
    this.erasedLast = screen;
    return told;
  }

  /** A full-screen program has left the screen like this. */
  fullScreen(lines: readonly string[]): string {
    const screen = trimmed(lines);
    if (screen.length === 0) return '';
    return `${this.settle()}[full screen]\n${textOf(screen)}[end of full screen]\n`;
  }

  marker(label: string): string {
    return `${this.settle()}[marker: ${readable(label)}]\n`;
  }

  /** The screen at the end. */
  finish(lines: readonly string[]): string {
    const screen = trimmed(lines);
    if (isRedrawn(this.erasedLast, screen)) this.erasedLast = [];
    return this.settle() + textOf(screen);
  }

  private settle(): string {
    const told = textOf(this.erasedLast);
    this.erasedLast = [];
    return told;
  }
}

const readable = (line: string): string => line.replace(UNREADABLE, '').trimEnd();
const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

function trimmed(lines: readonly string[]): string[] {
  const all = lines.map(readable);
  while (all.at(-1) === '') all.pop();
  let first = 0;
  while (all[first] === '') first += 1;
  return all.slice(first);
}

function isRedrawn(before: readonly string[], after: readonly string[]): boolean {
  if (before.length === 0 || after.length === 0) return false;
  const known = new Set(before);
  const same = after.filter((line) => known.has(line)).length;
  return same > REDRAWN_SHARE * Math.max(before.length, after.length);
}
