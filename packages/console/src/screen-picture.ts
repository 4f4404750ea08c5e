/**
 * A small picture of a screen on a plain canvas, without an emulator: stamps of recordings, tiles of the live wall.
 * Letters where they can be told apart, marks of their colour where they would be noise. Wide characters take two cells,
 * as on the screen itself; widths are told by the character, because the picture does not carry them.
 */
import type { Run, RunColour, Thumbnail } from '@sallyport/core/terminal/thumbnail.js';
import { MONO, TERMINAL_THEMES, type TerminalTheme } from './terminal/themes.js';

/** A picture as the HTTP API or a TILE frame brings it. */
export type Picture = Pick<Thumbnail, 'cols' | 'rows'> & {
  readonly lines: readonly (readonly ({ readonly text: string } & {
    readonly [K in Exclude<keyof Run, 'text'>]?: Run[K] | undefined;
  })[])[];
};
/** A cell is twice as high as wide. */
const CELL_ASPECT = 2;
/** Narrower cells, in device pixels, are marks. */
const LETTER_PX = 3;
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f680}-\u{1f6ff}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;
const NARROW = /^[\x20-\x7e]*$/;
const JOINED = /^(?:\p{M}|\u200d)$/u;

/** Below this code point nothing is joined or wide: nearly all there is on a screen. */
const FIRST_UNUSUAL = 0x300;

export function cellsOf(character: string): 0 | 1 | 2 {
  if (character.charCodeAt(0) < FIRST_UNUSUAL) return 1;
  return JOINED.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}
function widthOf(text: string): number {
  let cells = 0;
  for (const character of text) cells += cellsOf(character);
  return cells;
}

interface Colours {
  readonly front: string;
  readonly back: string;
  readonly named: readonly (string | undefined)[];
}
function coloursOf(theme: TerminalTheme): Colours {
  const { foreground = '', background = '', ...ansi } = TERMINAL_THEMES[theme];
  return {
    front: foreground,
    back: background,
    named: [
      ...[ansi.black, ansi.red, ansi.green, ansi.yellow, ansi.blue, ansi.magenta, ansi.cyan, ansi.white],
      ...[ansi.brightBlack, ansi.brightRed, ansi.brightGreen, ansi.brightYellow],
      ...[ansi.brightBlue, ansi.brightMagenta, ansi.brightCyan, ansi.brightWhite],
    ],
  };
}

/** What stands on a canvas, row by row, so that only rows that changed are painted. */
interface Painted {
  readonly look: string;
  readonly rows: readonly string[];
}
const painted = new WeakMap<HTMLCanvasElement, Painted>();

/** Fills the canvas from its top left corner, as large as the picture fits. Sizes are the canvas's own pixels. */
export function paintPicture(canvas: HTMLCanvasElement, picture: Picture, theme: TerminalTheme = 'night'): void {
  const pen = canvas.getContext('2d', { alpha: false });
  if (!pen) return;
  const { cols, rows, lines } = picture;
  const look = [canvas.width, canvas.height, cols, rows, theme].join();
  const before = painted.get(canvas);
  const known = before?.look === look ? before.rows : undefined;
  const after = lines.map((runs) => JSON.stringify(runs));
  painted.set(canvas, { look, rows: after });
  const brush = brushOf(pen, canvas, picture, coloursOf(theme));
  if (known === undefined) {
    pen.fillStyle = brush.colours.back;
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }
  for (let row = 0; row < Math.max(after.length, known?.length ?? 0); row++) {
    if (known !== undefined && known[row] === after[row]) continue;
    paintRow(brush, row, lines[row] ?? [], known !== undefined);
  }
}

interface Brush {
  readonly pen: CanvasRenderingContext2D;
  readonly colours: Colours;
  /** Of a cell. */
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly fontPx: number;
  /** What the pen's font is; setting one is dear, even to the same. */
  bold: boolean | undefined;
}
function brushOf(
  pen: CanvasRenderingContext2D,
  canvas: HTMLCanvasElement,
  { cols, rows }: Picture,
  colours: Colours,
): Brush {
  const width = Math.min(canvas.width / Math.max(1, cols), canvas.height / Math.max(1, rows) / CELL_ASPECT);
  const fontPx = width >= LETTER_PX ? width / advanceOf(pen) : 0;
  pen.textBaseline = 'middle';
  return { pen, colours, width, height: width * CELL_ASPECT, across: canvas.width, fontPx, bold: undefined };
}

function paintRow(brush: Brush, row: number, runs: Picture['lines'][number], over: boolean): void {
  const { pen, colours, width, height } = brush;
  // Whole pixels, so that a row painted anew leaves nothing of the old one at its edges.
  const top = Math.floor(row * height);
  const high = Math.floor((row + 1) * height) - top;
  if (over) {
    pen.fillStyle = colours.back;
    pen.fillRect(0, top, brush.across, high);
  }
  let column = 0;
  for (const run of runs) {
    const fg = colourOf(run.fg, colours);
    const bg = colourOf(run.bg, colours);
    const front = (run.inverse ? bg : fg) ?? (run.inverse ? colours.back : colours.front);
    const back = (run.inverse ? fg : bg) ?? (run.inverse ? colours.front : undefined);
    const cells = widthOf(run.text);
    if (back !== undefined) {
      pen.fillStyle = back;
      pen.fillRect(column * width, top, cells * width, high);
    }
    pen.fillStyle = front;
    if (brush.fontPx > 0) {
      const bold = run.bold === true;
      if (brush.bold !== bold) {
        brush.bold = bold;
        pen.font = `${bold ? '600 ' : ''}${brush.fontPx}px ${MONO}`;
      }
      writeRun(pen, run.text, { column, width, middle: top + high / 2 });
    } else markRun(pen, run.text, { column, width, top });
    column += cells;
  }
}

/** Narrow text at one go; what is wide or unusual at its own cell, so that nothing drifts. */
function writeRun(
  pen: CanvasRenderingContext2D,
  text: string,
  { column, width, middle }: { column: number; width: number; middle: number },
): void {
  let at = column;
  if (NARROW.test(text)) {
    if (text.trim() !== '') pen.fillText(text, at * width, middle);
    return;
  }
  for (const [piece] of text.matchAll(/[\x20-\x7e]+|[^\x20-\x7e](?:\p{M}|\u200d)*/gu)) {
    if (piece.trim() !== '') pen.fillText(piece, at * width, middle);
    at += widthOf(piece);
  }
}

function markRun(
  pen: CanvasRenderingContext2D,
  text: string,
  { column, width, top }: { column: number; width: number; top: number },
): void {
  let at = column;
  for (const character of text) {
    const cells = cellsOf(character);
    if (character !== ' ' && cells > 0)
      pen.fillRect(at * width, top + 0.4 * width, width * (cells - 0.15), width * 1.2);
    at += cells;
  }
}

const MEASURED_PX = 100;
let advance: number | undefined;
/** Width of a cell of the font at 1 px. */
function advanceOf(pen: CanvasRenderingContext2D): number {
  if (advance === undefined) {
    pen.font = `${MEASURED_PX}px ${MONO}`;
    advance = pen.measureText('0').width / MEASURED_PX || 0.6;
  }
  return advance;
}

const colourOf = (colour: RunColour | undefined, { named }: Colours): string | undefined =>
  typeof colour === 'number' ? named[colour] : colour;
