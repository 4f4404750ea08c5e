/**
 * A screen to the bytes that bring it back: written to an empty emulator of the same size and scrollback, they make one
 * that cannot be told apart from the first, now or after any bytes that follow. So a replay can begin in the middle and
 * a watcher can join late. An emulator's own copy of its memory would be exact too, but only for the same version of the
 * same emulator, and hundreds of times larger.
 *
 * The order matters and is that of the comments below: what moves the cursor or changes how text is drawn comes before
 * what depends on it. Taken at a safe point (ground-scanner.ts). Size: mostly the text itself; at worst, when every cell
 * has colours of its own, SNAPSHOT_BYTES_PER_CELL each.
 *
 * Lines that have scrolled away are brought back when the view has them: see history-painter.ts.
 *
 * Not brought back: which of several links with one address a cell belonged to; a blank last cell under a cursor that
 * waits to wrap becomes a space; charsets of a restored cursor that the other screen saved.
 */
import type { TerminalSize } from '../model/session.js';
import { paintableHistory, paintWithHistory } from './history-painter.js';
import { channels } from './pen-codes.js';
import { isBare, RowPainter } from './row-painter.js';
import { type Link, PLAIN_PEN, type Row, type ScreenBuffer, type ScreenModes, type ScreenView } from './screen-view.js';

export const SNAPSHOT_BYTES_PER_CELL = 192;
export const SNAPSHOT_FIXED_BYTES = 16 * 1024;
/** Longer titles are cut. */
export const TITLE_CHARACTERS = 1_024;

/** Ends what was left open and resets all but the colours; RIS alone leaves modes that are options, and titles. */
export const RESET = '\x18\x1bc\x1b[20l\x1b[?25h\x1b[?12l\x1b]2;\x1b\\\x1b]1;\x1b\\';
export const COLOURS_BACK = '\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\';
/** Before a snapshot, for an emulator that is not new. */
export const PRISTINE = RESET + COLOURS_BACK;

export interface ScreenSnapshot {
  readonly size: TerminalSize;
  /** The emulator's scrollback must be set to this many lines, see ScreenView. */
  readonly scrollback: number;
  readonly bytes: Uint8Array;
}

const utf8 = new TextEncoder();

export function takeSnapshot(view: ScreenView): ScreenSnapshot {
  const history = paintableHistory(view.normal);
  const scrollback = view.scrollbackLeft + history.length;
  return { size: view.size, scrollback, bytes: utf8.encode(restoringText(view, history)) };
}

function restoringText(view: ScreenView, history: readonly Row[]): string {
  const { size, normal, alternate, modes } = view;
  const painter = new RowPainter(size.cols);
  painter.raw(RESET);
  if (history.length === 0) painter.rows(normal.rows);
  else paintWithHistory(painter, history, normal.rows);
  if (view.alternateShown) {
    frame(painter, normal, size);
    const { x, y } = normal.cursor;
    painter.to(Math.min(x, size.cols - 1), y);
    // Not 1049: it would save the cursor.
    painter.moving('\x1b[?47h');
    painter.rows(alternate.rows);
    frame(painter, alternate, size);
  } else {
    if (!isFreshCursor(alternate)) {
      painter.moving('\x1b[?47h');
      saveCursor(painter, alternate, size);
      painter.moving('\x1b[?47l');
    }
    frame(painter, normal, size);
  }
  const active = view.alternateShown ? alternate : normal;
  // A restored cursor's charset is in force without being designated: restoring it again does that, and more.
  const own = view.charset !== view.charsets[view.shifted] && view.charset === active.saved.charset;
  if (own) {
    painter.moving(`${charsets(view)}\x1b8`);
    painter.forgetPen();
  }
  painter.raw(early(modes));
  if (view.title !== '') painter.raw(`\x1b]2;${cut(view.title)}\x1b\\`);
  if (view.iconName !== '') painter.raw(`\x1b]1;${cut(view.iconName)}\x1b\\`);
  painter.raw(palette(view.palette));
  if (modes.origin) painter.moving('\x1b[?6h');
  placeCursor(painter, view, active);
  if (!own) painter.raw(charsets(view));
  painter.raw(late(modes));
  // Always a sequence: a combining mark that follows must not join the character painted last.
  painter.forgetPen();
  painter.take(view.pen);
  if (modes.cursorHidden) painter.raw('\x1b[?25l');
  if (modes.synchronizedOutput) painter.raw('\x1b[?2026h');
  return painter.text;
}

/** Tabs, saved cursor and margins of the screen that is shown. */
function frame(painter: RowPainter, buffer: ScreenBuffer, size: TerminalSize): void {
  const { tabs, margins } = buffer;
  if (tabs.length !== Math.ceil(size.cols / 8) || tabs.some((column, n) => column !== n * 8)) {
    painter.raw('\x1b[3g');
    for (const column of tabs) {
      painter.to(column, 0);
      painter.raw('\x1bH');
    }
  }
  if (!isFreshCursor(buffer)) saveCursor(painter, buffer, size);
  if (margins.top !== 0 || margins.bottom !== size.rows - 1)
    painter.moving(`\x1b[${margins.top + 1};${margins.bottom + 1}r`);
}

const isFreshCursor = ({ saved }: ScreenBuffer): boolean =>
  saved.x === 0 && saved.y === 0 && saved.pen === PLAIN_PEN && saved.charset === 'B';

const SOME_LINK: Link = { uri: 'x:' };
function saveCursor(painter: RowPainter, { saved }: ScreenBuffer, size: TerminalSize): void {
  const { pen, charset } = saved;
  painter.to(Math.min(saved.x, size.cols - 1), Math.min(saved.y, size.rows - 1));
  // Of a link only its being there is saved.
  painter.take(pen.link === undefined ? pen : { ...pen, link: SOME_LINK });
  painter.raw(charset === 'B' ? '\x1b7' : `\x1b(${charset}\x1b7\x1b(B`);
  painter.take(PLAIN_PEN);
}

function charsets(view: ScreenView): string {
  const set = view.charsets.map((letter, n) => (letter === 'B' ? '' : `\x1b${'()*+'[n]}${letter}`)).join('');
  return `${set}${['', '\x0e', '\x1bn', '\x1bo'][view.shifted] ?? ''}`;
}

function early(modes: ScreenModes): string {
  const on = [
    modes.applicationCursorKeys && 1,
    modes.bracketedPaste && 2004,
    modes.sendFocus && 1004,
    modes.reverseWraparound && 45,
    modes.mouse,
    modes.mouseEncoding,
    modes.cursorBlink && 12,
  ].filter((mode) => typeof mode === 'number' && mode > 0);
  const style = modes.cursorStyle === 0 ? '' : `\x1b[${modes.cursorStyle} q`;
  const modesOn = on.map((mode) => `\x1b[?${mode}h`).join('');
  return `${modesOn}${modes.applicationKeypad ? '\x1b=' : ''}${style}`;
}

const cut = (title: string): string => title.slice(0, TITLE_CHARACTERS);

function palette(colours: ReadonlyMap<number, number>): string {
  return [...colours]
    .map(([index, rgb]) => {
      const spec = channels(rgb).map((value) => value.toString(16).padStart(2, '0'));
      return `\x1b]${index < 256 ? `4;${index}` : index - 246};rgb:${spec.join('/')}\x1b\\`;
    })
    .join('');
}

function placeCursor(painter: RowPainter, view: ScreenView, active: ScreenBuffer): void {
  const { cols } = view.size;
  const { x, y } = active.cursor;
  const top = view.modes.origin ? active.margins.top : 0;
  if (x < cols) {
    painter.to(x, y - top);
    return;
  }
  // Beyond the last column one gets only by printing there.
  const row = active.rows[y]!;
  const last = row.cells[cols - 1]!;
  const wide = last.text === '' && last.width === 0;
  painter.to(wide ? cols - 2 : cols - 1, y - top);
  if (isBare(row)) {
    painter.take(PLAIN_PEN);
    painter.raw(' ');
    painter.take(last.pen);
    painter.raw(row.wrapped ? '\x1b[1K' : '\x1b[2K');
  } else painter.print(wide ? row.cells[cols - 2]! : last.text === '' ? { ...last, text: ' ' } : last);
  // Marks without a base that were put past the edge pushed it further.
  painter.raw('\x1b[m\u0301'.repeat(Math.min(x - cols, 64)));
  painter.forgetPen();
}

function late(modes: ScreenModes): string {
  return `${modes.newLine ? '\x1b[20h' : ''}${modes.insert ? '\x1b[4h' : ''}${modes.wraparound ? '' : '\x1b[?7l'}`;
}
