/**
 * An emulator as a snapshot reads it: everything that the same bytes, written later, can still be told apart by. One
 * adapter per emulator makes it; nothing else knows the emulator's insides. Reading is done at a safe point of the
 * stream (ground-scanner.ts); a view is used at once and not kept.
 *
 * Left out, as nothing a recording holds depends on it: title stacks (switched off), a string left open, hidden columns
 * right of a shrunk alternate screen. A wide character whose right half the edge cut off counts as blank.
 */
import type { TerminalSize } from '../model/session.js';

export const PEN = {
  BOLD: 1,
  DIM: 2,
  ITALIC: 4,
  BLINK: 8,
  INVERSE: 16,
  INVISIBLE: 32,
  STRIKETHROUGH: 64,
  OVERLINE: 128,
  PROTECTED: 256,
} as const;
/** A colour is 0, the default, or one of these plus its number: 0 to 15, 0 to 255, or 0xRRGGBB. */
export const COLOUR = { P16: 0x1000000, P256: 0x2000000, RGB: 0x3000000, KIND: 0x3000000, VALUE: 0xffffff } as const;

/** An emulator hands out the same object for the same link. */
export interface Link {
  readonly uri: string;
  readonly id?: string;
}
/** How a cell is drawn. Interned by the adapter: within one view, pens are equal when they are the same object. */
export interface Pen {
  readonly fg: number;
  readonly bg: number;
  readonly flags: number;
  /** 0 none, 1 single, 2 double, 3 curly, 4 dotted, 5 dashed. */
  readonly underline: number;
  readonly underlineColour: number;
  readonly link: Link | undefined;
}
export interface Cell {
  /** Empty: nothing was ever written, which is not a space. */
  readonly text: string;
  /** 2: takes the next cell too, which then is empty and 0 wide. 0 with text: a mark that had nothing to stand on. */
  readonly width: number;
  readonly pen: Pen;
}
export interface Row {
  /** Goes on where the row above ends. */
  readonly wrapped: boolean;
  readonly cells: readonly Cell[];
}
export interface SavedCursor {
  readonly x: number;
  readonly y: number;
  readonly pen: Pen;
  readonly charset: string;
}
/** One of the two screens. Each has its own margins, tabs and saved cursor. */
export interface ScreenBuffer {
  /** `size.rows` rows; none when the alternate screen is not shown: it is emptied when left. */
  readonly rows: readonly Row[];
  /** Lines that have scrolled away, oldest first; as many as were asked for. */
  readonly history?: readonly Row[];
  /** x may be `cols`: the next character wraps first. Of the hidden screen, where its cursor was left. */
  readonly cursor: { readonly x: number; readonly y: number };
  readonly saved: SavedCursor;
  readonly margins: { readonly top: number; readonly bottom: number };
  /** Columns of tab stops, rising. */
  readonly tabs: readonly number[];
}
export interface ScreenModes {
  readonly applicationCursorKeys: boolean;
  readonly applicationKeypad: boolean;
  readonly bracketedPaste: boolean;
  readonly insert: boolean;
  readonly newLine: boolean;
  readonly origin: boolean;
  readonly reverseWraparound: boolean;
  readonly sendFocus: boolean;
  readonly synchronizedOutput: boolean;
  readonly wraparound: boolean;
  readonly cursorHidden: boolean;
  readonly cursorBlink: boolean;
  /** As DECSCUSR numbers it; 0: the user's own. */
  readonly cursorStyle: number;
  /** DEC private mode 9, 1000, 1002 or 1003; 0: off. */
  readonly mouse: number;
  /** 1006 or 1016; 0: the old encoding. */
  readonly mouseEncoding: number;
}
export interface ScreenView {
  readonly size: TerminalSize;
  readonly normal: ScreenBuffer;
  readonly alternate: ScreenBuffer;
  readonly alternateShown: boolean;
  readonly pen: Pen;
  /** Final letters of the designations of G0 to G3; B is ASCII. */
  readonly charsets: readonly string[];
  readonly shifted: number;
  /** In use: usually `charsets[shifted]`, but a restored cursor brings its own. */
  readonly charset: string;
  readonly modes: ScreenModes;
  readonly title: string;
  readonly iconName: string;
  /** Colours that were changed: 0 to 255, 256 foreground, 257 background, 258 cursor; as 0xRRGGBB. */
  readonly palette: ReadonlyMap<number, number>;
  /** Lines the scrollback can still take before it drops some; decides where a saved cursor stands after scrolling. */
  readonly scrollbackLeft: number;
}

export const PLAIN_PEN: Pen = { fg: 0, bg: 0, flags: 0, underline: 0, underlineColour: 0, link: undefined };

export const isPlain = (pen: Pen): boolean =>
  pen.fg === 0 && pen.bg === 0 && pen.flags === 0 && pen.underline === 0 && pen.link === undefined;
/** As an erased cell is drawn: a background and nothing else. */
export const isErased = (pen: Pen): boolean =>
  pen.fg === 0 && pen.flags === 0 && pen.underline === 0 && pen.link === undefined;
