/**
 * A watched screen in the terminal of the one who watches. Its bytes are the host's and may be hostile, so none of them is
 * written there: an emulator has them, and what is written is its cells, with colours, positions and nothing else. No query
 * of the host's can be answered by that terminal, no title, clipboard or mode of it changed (V32).
 */
import { selectPen } from '@sallyport/core/terminal/pen-codes.js';
import { PEN, PLAIN_PEN, type Row, type ScreenView } from '@sallyport/core/terminal/screen-view.js';

export const ENTER = '\x1b[?1049h\x1b[2J\x1b[H';
export const LEAVE = '\x1b[m\x1b[?25h\x1b[?1049l';

export interface WatchPainter {
  /** What must be written so that the screen shows `view` with `line` under it. Only rows that changed. */
  paint(view: ScreenView, line: string, room: { readonly columns: number; readonly rows: number }): string;
  /** The terminal was changed from outside: the next paint is of all. */
  forget(): void;
}

export function createWatchPainter(): WatchPainter {
  let shown: string[] = [];
  return {
    paint(view, line, { columns, rows }) {
      const screen = view.alternateShown ? view.alternate : view.normal;
      const high = Math.max(0, rows - 1);
      // Of a screen that is taller than the room the end is shown, where the cursor usually is.
      const top = Math.max(0, Math.min(screen.rows.length - high, screen.cursor.y - high + 1));
      const lines = screen.rows.slice(top, top + high).map((row) => paintRow(row, columns));
      while (lines.length < high) lines.push('');
      lines.push(`\x1b[7m${line}\x1b[K\x1b[m`);
      let bytes = '';
      for (const [y, text] of lines.entries())
        if (shown[y] !== text) bytes += `\x1b[${y + 1};1H\x1b[m${y === lines.length - 1 ? '' : '\x1b[K'}${text}`;
      shown = lines;
      const { x, y } = screen.cursor;
      const visible = !view.modes.cursorHidden && y - top >= 0 && y - top < high && x < columns;
      return `\x1b[?25l${bytes}${visible ? `\x1b[${y - top + 1};${x + 1}H\x1b[?25h` : ''}`;
    },
    forget() {
      shown = [];
    },
  };
}

function paintRow({ cells }: Row, columns: number): string {
  let last = Math.min(cells.length, columns);
  while (last > 0 && cells[last - 1]!.pen === PLAIN_PEN && cells[last - 1]!.text.trim() === '') last--;
  let text = '';
  let pen = PLAIN_PEN;
  for (let x = 0; x < last; x++) {
    const cell = cells[x]!;
    if (cell.width === 0 && cell.text === '') continue;
    if (cell.width === 2 && x + 1 >= columns) break;
    if (cell.pen !== pen) {
      // Without the link, and without protection: that is a mode of its own.
      text += selectPen({ ...cell.pen, flags: cell.pen.flags & ~PEN.PROTECTED, link: undefined });
      pen = cell.pen;
    }
    text += cell.text === '' ? ' ' : cell.text;
  }
  return pen === PLAIN_PEN ? text : `${text}\x1b[m`;
}
