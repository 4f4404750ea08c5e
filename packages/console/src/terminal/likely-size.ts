/**
 * The size a pane will have, before it can be measured: what the last one had, or at first what the window leaves beside
 * the frame. A wrong guess costs one RESIZE; a right one spares the shell its first redraw.
 */
import { clampSize, type TerminalSize } from '@sallyport/core/model/session.js';
import { preferences } from './preferences.js';

/** The rail, the padding and the emulator's scroll bar; the title, the tabs and the padding. See terminal.css. */
const BESIDE_PX = 94;
const ABOVE_PX = 122;
/** Of the font size: a cell of the usual monospaced fonts, and the line height of `xterm-options.ts`. */
const CELL_WIDTH = 0.602;
const CELL_HEIGHT = 1.38;

let last: TerminalSize | undefined;

export function fitted(size: TerminalSize): TerminalSize {
  last = size;
  return size;
}

export function likelySize(): TerminalSize {
  if (last !== undefined) return last;
  const { fontSize } = preferences();
  const cols = Math.floor((window.innerWidth - BESIDE_PX) / (fontSize * CELL_WIDTH));
  const rows = Math.floor((window.innerHeight - ABOVE_PX) / Math.floor(fontSize * CELL_HEIGHT));
  return clampSize(cols, rows);
}
