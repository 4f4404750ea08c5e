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
const JOINED = /^(?:\p{M}|\u200d)$/u;

export const cellsOf = (character: string): 0 | 1 | 2 => (JOINED.test(character) ? 0 : WIDE.test(character) ? 2 : 1);

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

/** Fills the canvas from its top left corner, as large as the picture fits. Sizes are the canvas's own pixels. */
export function paintPicture(canvas: HTMLCanvasElement, picture: Picture, theme: TerminalTheme = 'night'): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  const colours = coloursOf(theme);
  const { cols, rows, lines } = picture;
  const width = Math.min(canvas.width / Math.max(1, cols), canvas.height / Math.max(1, rows) / CELL_ASPECT);
  const height = width * CELL_ASPECT;
  const letters = width >= LETTER_PX;
  pen.fillStyle = colours.back;
  pen.fillRect(0, 0, canvas.width, canvas.height);
  const fontPx = letters ? width / advanceOf(pen) : 0;
  pen.textBaseline = 'middle';
  lines.forEach((runs, row) => {
    const top = row * height;
    let column = 0;
    for (const run of runs) {
      const fg = colourOf(run.fg, colours);
      const bg = colourOf(run.bg, colours);
      const front = (run.inverse ? bg : fg) ?? (run.inverse ? colours.back : colours.front);
      const back = (run.inverse ? fg : bg) ?? (run.inverse ? colours.front : undefined);
      const cells = [...run.text].reduce((sum, character) => sum + cellsOf(character), 0);
      if (back !== undefined) {
        pen.fillStyle = back;
        pen.fillRect(column * width, top, cells * width, height);
      }
      pen.fillStyle = front;
      if (letters) {
        pen.font = `${run.bold ? '600 ' : ''}${fontPx}px ${MONO}`;
        writeRun(pen, run.text, { column, width, middle: top + height / 2 });
      } else markRun(pen, run.text, { column, width, top });
      column += cells;
    }
  });
}

/** Narrow text at one go; what is wide or unusual at its own cell, so that nothing drifts. */
function writeRun(
  pen: CanvasRenderingContext2D,
  text: string,
  { column, width, middle }: { column: number; width: number; middle: number },
): void {
  let at = column;
  for (const [piece] of text.matchAll(/[\x20-\x7e]+|[^\x20-\x7e](?:\p{M}|\u200d)*/gu)) {
    if (piece.trim() !== '') pen.fillText(piece, at * width, middle);
    for (const character of piece) at += cellsOf(character);
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
