/**
 * Rows of cells to the bytes that put them on an empty screen, each cell and each wrap flag as it was. Positions are
 * absolute. xterm.js's own serializer paints by flow and misses cells beside forced wraps and at the edge; a general
 * repair of those is longer than painting.
 *
 * Three things need a trick. An empty cell is not a space: it is skipped, or erased when it has a background. A row is
 * "wrapped" only when text ran over from the row above, so where the text does not do it by itself a filler does, and is
 * erased. An empty cell with more than a background is half of a wide character that was overwritten; it is made so again.
 *
 * Needs: wraparound on, insert, origin and newline mode off, full margins, ASCII, a plain pen.
 */
import { isKeptLink, openLink, selectPen } from './pen-codes.js';
import { type Cell, isErased, isPlain, type Link, type Pen, PLAIN_PEN, type Row } from './screen-view.js';

/** Marks on one character; more are noise or malice. */
const CELL_CHARACTERS = 32;
const WIDE = '\u3000';

export class RowPainter {
  private readonly parts: string[] = [];
  private readonly cols: number;
  private pen: Pen | undefined = PLAIN_PEN;
  private link: Link | undefined;
  /** Where the cursor is; x -1: not known. */
  private x = -1;
  private y = -1;

  constructor(cols: number) {
    this.cols = cols;
  }

  get text(): string {
    return this.parts.join('');
  }

  raw(sequence: string): void {
    this.parts.push(sequence);
  }

  /** Sequences that move the cursor, or may have. */
  moving(sequence: string): void {
    this.parts.push(sequence);
    this.x = -1;
  }

  to(x: number, y: number): void {
    if (this.x === x && this.y === y && x < this.cols) return;
    if (this.y === y && this.x >= 0) this.parts.push(x === 0 ? '\r' : `\x1b[${x + 1}G`);
    else this.parts.push(x === 0 ? (y === 0 ? '\x1b[H' : `\x1b[${y + 1}H`) : `\x1b[${y + 1};${x + 1}H`);
    this.x = x;
    this.y = y;
  }

  /** Something else changed it. */
  forgetPen(): void {
    this.pen = undefined;
  }

  take(pen: Pen): void {
    const link = pen.link !== undefined && isKeptLink(pen.link) ? pen.link : undefined;
    if (pen !== this.pen) this.parts.push(selectPen(pen));
    this.pen = pen;
    if (link !== this.link) this.parts.push(openLink(link));
    this.link = link;
  }

  print(cell: Cell): void {
    this.take(cell.pen);
    this.parts.push(shortened(cell.text));
    this.x += cell.width === 2 ? 2 : 1;
  }

  rows(rows: readonly Row[]): void {
    this.wrapFlags(rows);
    for (const [y, row] of rows.entries()) this.row(row, y, rows[y - 1]);
    this.take(PLAIN_PEN);
  }

  private wrapFlags(rows: readonly Row[]): void {
    const { cols } = this;
    if (rows[0]?.wrapped === true) {
      // The row above has scrolled away: so does this one, and what it left behind.
      this.moving(`\x1b[${rows.length};${cols}H  ${'\n'.repeat(rows.length - 1)}\x1b[H\x1b[X\x1b[3J`);
    }
    for (let y = 1; y < rows.length; y++) {
      if (rows[y]!.wrapped && !flowsInto(rows[y - 1]!, rows[y]!))
        this.moving(`\x1b[${y};${cols}H  \x1b[${y + 1}H\x1b[X\x1b[${y};${cols}H\x1b[X`);
    }
  }

  /** The row's last character once more, so that what is printed next runs over into the row below. */
  runOver(row: Row, y: number): void {
    const last = row.cells.at(-1)!;
    const x = last.width === 0 ? this.cols - 2 : this.cols - 1;
    this.to(x, y);
    this.print(row.cells[x]!);
    this.x = this.cols;
  }

  /** A row alone, on blank cells. When `above` runs over into it the cursor must wait behind that. */
  rowBelow(row: Row, above: Row, y: number): void {
    if (this.x === this.cols) this.y = y - 1;
    this.row(row, y, above);
    this.take(PLAIN_PEN);
  }

  private row(row: Row, y: number, above: Row | undefined): void {
    const { cols } = this;
    const { cells } = row;
    const dirty = cells.some(isOdd) ? this.oddBlanks(cells, y) : undefined;
    if (row.wrapped && above !== undefined && flowsInto(above, row) && this.y === y - 1 && this.x === cols) {
      this.x = 0;
      this.y = y;
    }
    for (let x = 0; x < cols; ) {
      const cell = cells[x]!;
      if (cell.text !== '') {
        // A move between them keeps a lone mark from joining the character before it.
        if (cell.width === 0 && this.x === x && this.y === y) this.x = -1;
        this.to(x, y);
        this.print(cell);
        x += cell.width === 2 ? 2 : 1;
        continue;
      }
      if (isOdd(cell) && dirty?.made[x] === true) {
        x++;
        continue;
      }
      const { pen } = cell;
      const spoiled = dirty?.spoiled[x] === true;
      let end = x + 1;
      while (end < cols && cells[end]!.text === '' && cells[end]!.pen === pen && dirty === undefined) end++;
      if (!isPlain(pen) || spoiled) {
        this.to(x, y);
        this.take(isErased(pen) ? pen : { ...PLAIN_PEN, bg: pen.bg });
        this.raw(end - x === 1 ? '\x1b[X' : `\x1b[${end - x}X`);
      }
      x = end;
    }
  }

  /** Makes empty cells that have more than a background; tells which, and which neighbours now hold a space. */
  private oddBlanks(cells: readonly Cell[], y: number): { made: boolean[]; spoiled: boolean[] } {
    const { cols } = this;
    const made: boolean[] = [];
    const spoiled: boolean[] = [];
    const put = (x: number, wideAt: number, overAt: number): void => {
      this.to(wideAt, y);
      this.parts.push(WIDE);
      this.x += 2;
      this.to(overAt, y);
      this.take(cells[x]!.pen);
      this.parts.push(' ');
      this.x += 1;
      made[x] = true;
      spoiled[x] = false;
      spoiled[overAt] = true;
    };
    if (isOdd(cells[0]!) && cols > 1 && !isOdd(cells[1]!)) put(0, 0, 1);
    for (let x = cols - 1; x > 0; x--) if (isOdd(cells[x]!)) put(x, x - 1, x - 1);
    return { made, spoiled };
  }
}

const isOdd = (cell: Cell): boolean => cell.text === '' && cell.width === 1 && !isErased(cell.pen);

/** Printing the rows one after the other wraps by itself. */
/** Text runs over from the one to the other by itself. */
export function flowsInto(above: Row, row: Row): boolean {
  const last = above.cells.at(-1)!;
  const first = row.cells[0]!;
  const full = last.text === '' ? last.width === 0 : last.width === 1;
  return full && first.text !== '' && first.width > 0 && !row.cells.some(isOdd);
}

function shortened(text: string): string {
  return text.length <= CELL_CHARACTERS ? text : [...text].slice(0, CELL_CHARACTERS).join('');
}

/** A row of nothing but one background. */
export const isBare = (row: Row): boolean =>
  row.cells.every(({ text, width, pen }) => text === '' && width === 1 && isErased(pen) && pen === row.cells[0]!.pen);
