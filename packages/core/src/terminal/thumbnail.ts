/**
 * A screen as rows of runs, to be drawn small without an emulator. Colours that a theme decides stay numbers (0 to 15),
 * others are given. Cut to what a small picture can show.
 */
import { COLOUR, PEN, type Pen, PLAIN_PEN, type Row, type ScreenView } from './screen-view.js';

const MAX_COLS = 160;
const MAX_ROWS = 50;
const CELL_CHARACTERS = 4;

/** 0 to 15 of the theme, or `#rrggbb`. */
export type RunColour = number | string;
export interface Run {
  readonly text: string;
  readonly fg?: RunColour;
  readonly bg?: RunColour;
  readonly bold?: true;
  readonly inverse?: true;
}
export interface Thumbnail {
  readonly atMs: number;
  readonly cols: number;
  readonly rows: number;
  readonly lines: readonly (readonly Run[])[];
  /** Of the whole recording: its length without idle. */
  readonly activeMs?: number;
}

export function thumbnailOf(view: ScreenView, atMs: number): Thumbnail {
  const { rows } = view.alternateShown ? view.alternate : view.normal;
  const lines = rows.slice(0, MAX_ROWS).map((row) => runsOf(row));
  while (lines.at(-1)?.length === 0) lines.pop();
  return { atMs, cols: Math.min(MAX_COLS, view.size.cols), rows: Math.min(MAX_ROWS, view.size.rows), lines };
}

function runsOf({ cells }: Row): Run[] {
  const shown = cells.slice(0, MAX_COLS);
  while (shown.length > 0 && shown.at(-1)!.pen === PLAIN_PEN && shown.at(-1)!.text.trim() === '') shown.pop();
  const runs: { pen: Pen; text: string }[] = [];
  for (const { text, width, pen } of shown) {
    if (width === 0 && text === '') continue;
    const last = runs.at(-1);
    const drawn = (pen.flags & PEN.INVISIBLE) !== 0 ? ' ' : text === '' ? ' ' : text.slice(0, CELL_CHARACTERS);
    if (last && last.pen === pen) last.text += drawn;
    else runs.push({ pen, text: drawn });
  }
  return runs.map(({ pen, text }) => ({
    text,
    ...(pen.fg === 0 ? {} : { fg: colourOf(pen.fg) }),
    ...(pen.bg === 0 ? {} : { bg: colourOf(pen.bg) }),
    ...((pen.flags & PEN.BOLD) === 0 ? {} : { bold: true as const }),
    ...((pen.flags & PEN.INVERSE) === 0 ? {} : { inverse: true as const }),
  }));
}

function colourOf(raw: number): RunColour {
  const value = raw & COLOUR.VALUE;
  if ((raw & COLOUR.KIND) === COLOUR.RGB) return hex(value);
  return value < 16 ? value : hex(ofPalette(value));
}
const hex = (rgb: number): string => `#${rgb.toString(16).padStart(6, '0')}`;
/** The cube and the greys of the 256 colours. */
function ofPalette(index: number): number {
  if (index >= 232) return (8 + (index - 232) * 10) * 0x010101;
  const level = (part: number): number => (part === 0 ? 0 : 55 + part * 40);
  const at = index - 16;
  return (level(Math.floor(at / 36)) << 16) | (level(Math.floor(at / 6) % 6) << 8) | level(at % 6);
}
