/**
 * One row of a terminal as SVG. Every run of text says how wide it is, so that wide characters and a font that is not at
 * hand cannot shift what follows. The text is a stranger's: it is escaped, controls and what turns text around are
 * dropped, and nothing in it becomes an attribute, a style or a reference.
 */
import { BACKGROUND, colourOf, FOREGROUND } from './colours.js';
import { type Cell, PEN, type Pen, type Row } from './screen-view.js';

export const CELL_WIDTH = 8.4;
export const ROW_HEIGHT = 17;
const BASELINE = 13;
/** Marks piled on one character: more is an attack. */
const CELL_CHARACTERS = 16;

interface Run {
  readonly x: number;
  readonly pen: Pen;
  readonly width: number;
  cells: number;
  text: string;
}
interface Look {
  readonly fg: string;
  /** undefined: that of the page. */
  readonly bg: string | undefined;
}

export function svgRow(row: Row, palette: ReadonlyMap<number, number>): string {
  const runs = runsOf(row.cells);
  return runs.map((run) => background(run, palette)).join('') + runs.map((run) => text(run, palette)).join('');
}

function runsOf(cells: readonly Cell[]): Run[] {
  const runs: Run[] = [];
  for (const [x, { text: raw, width, pen }] of cells.entries()) {
    if (width === 0) continue;
    const shown = (pen.flags & PEN.INVISIBLE) !== 0 ? ' ' : drawable(raw) || ' ';
    const last = runs.at(-1);
    if (last?.pen === pen && last.width === width && last.x + last.cells === x) {
      last.text += shown;
      last.cells += width;
    } else runs.push({ x, pen, width, cells: width, text: shown });
  }
  return runs;
}

function lookOf({ fg, bg, flags }: Pen, palette: ReadonlyMap<number, number>): Look {
  const front = colourOf(fg, palette, (flags & PEN.BOLD) !== 0);
  const back = colourOf(bg, palette);
  return (flags & PEN.INVERSE) === 0
    ? { fg: front ?? FOREGROUND, bg: back }
    : { fg: back ?? BACKGROUND, bg: front ?? FOREGROUND };
}

function background({ x, cells, pen }: Run, palette: ReadonlyMap<number, number>): string {
  const { bg } = lookOf(pen, palette);
  if (bg === undefined) return '';
  return `<rect x="${px(x)}" width="${px(cells)}" height="${ROW_HEIGHT}" fill="${bg}"/>`;
}

function text({ x, cells, pen, text: all, width }: Run, palette: ReadonlyMap<number, number>): string {
  const decorated = pen.underline !== 0 || (pen.flags & (PEN.STRIKETHROUGH | PEN.OVERLINE)) !== 0;
  // Blanks around a run are not drawn, unless a line goes through them.
  const lead = decorated ? 0 : all.length - all.trimStart().length;
  const shown = decorated ? all : all.trim();
  if (shown === '' || (decorated && width === 0)) return '';
  const tail = all.length - lead - shown.length;
  const { fg } = lookOf(pen, palette);
  const names = classesOf(pen);
  const attributes = [
    `x="${px(x + lead)}"`,
    `y="${BASELINE}"`,
    `textLength="${px(cells - lead - tail)}"`,
    ...(fg === FOREGROUND ? [] : [`fill="${fg}"`]),
    ...(names === '' ? [] : [`class="${names}"`]),
  ];
  return `<text ${attributes.join(' ')}>${escapeXml(shown)}</text>`;
}

function classesOf({ flags, underline }: Pen): string {
  const lines = [
    underline !== 0 && 'u',
    (flags & PEN.STRIKETHROUGH) !== 0 && 's',
    (flags & PEN.OVERLINE) !== 0 && 'o',
  ].filter((one) => one !== false);
  const names = [
    (flags & PEN.BOLD) !== 0 && 'b',
    (flags & PEN.ITALIC) !== 0 && 'i',
    (flags & PEN.DIM) !== 0 && 'd',
    lines.length > 0 && `l${lines.join('')}`,
  ];
  return names.filter((name) => name !== false).join(' ');
}

/** For every mix of lines that `svgRow` names. */
export const LINE_STYLES = ['u', 's', 'o', 'us', 'uo', 'so', 'uso']
  .map((mix) => {
    const lines = [...mix].map((one) => ({ u: 'underline', s: 'line-through', o: 'overline' })[one]);
    return `.l${mix}{text-decoration:${lines.join(' ')}}`;
  })
  .join('');

const px = (cells: number): string => String(Math.round(cells * CELL_WIDTH * 100) / 100);

/** What XML cannot hold, controls, and what turns text around. */
const UNDRAWABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\ufffe\uffff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/gu;
const drawable = (raw: string): string => raw.replace(UNDRAWABLE, '').slice(0, CELL_CHARACTERS);

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeXml = (raw: string): string =>
  raw.replace(UNDRAWABLE, '').replace(/[&<>"']/g, (char) => ENTITIES[char]!);
