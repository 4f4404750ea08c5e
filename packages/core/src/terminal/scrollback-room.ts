/**
 * Gives a restored emulator the scrollback that the original had left, not the lines in it: xterm.js moves a saved cursor
 * with the text until the scrollback is full, so both must be full at the same line. A reset gives the original its room
 * back, so it does here. The lines themselves are not shipped: a thousand of them are twenty screens.
 *
 * ED 3 empties the original's scrollback too, and here nothing can be done in its middle: a cursor saved before it,
 * and restored after more scrolling than was left, may stand on another row.
 */
import { SCROLLBACK_LINES } from './emulator-rules.js';

/** The part of xterm.js, with a page or without, that is needed. */
export interface RoomTarget {
  readonly options: { scrollback?: number };
  readonly parser: { registerEscHandler(id: { final: string }, handle: () => boolean): unknown };
}
export interface ScrollbackRoom {
  /** Before a snapshot is parsed. */
  begin(lines: number): void;
  /** After it. */
  done(): void;
}

export function createScrollbackRoom(target: RoomTarget, all: number = SCROLLBACK_LINES): ScrollbackRoom {
  let restoring = false;
  const set = (lines: number): void => {
    // Setting it, even to the same, undoes margins.
    if (target.options.scrollback !== lines) target.options.scrollback = lines;
  };
  target.parser.registerEscHandler({ final: 'c' }, () => {
    if (!restoring) set(all);
    return false;
  });
  return {
    begin(lines) {
      restoring = true;
      set(lines);
    },
    done() {
      restoring = false;
    },
  };
}
