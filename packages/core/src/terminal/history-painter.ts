/**
 * Lines that have scrolled away, painted screen by screen and scrolled away again, before the screen itself. A line that
 * does not fit is painted row by row at the bottom, so that it stays one line when it is copied or when the size changes;
 * there its rows must run over by themselves. What no painting brings back so is left out, and all above it.
 */
import { flowsInto, type RowPainter } from './row-painter.js';
import { PLAIN_PEN, type Row, type ScreenBuffer } from './screen-view.js';

/** The lines that can be brought back. */
export function paintableHistory({ history = [], rows }: ScreenBuffer): readonly Row[] {
  const all = [...history, ...rows];
  const high = rows.length;
  const begin = lineStart(all, history.length);
  if (all[begin]?.wrapped === true || !flows(all, begin + high, all.length)) return [];
  let first = begin;
  while (first > 0) {
    const start = lineStart(all, first - 1);
    // The oldest may be a line whose beginning was dropped.
    if (all[start]!.wrapped || !flows(all, start + high, first)) break;
    first = start;
  }
  return history.slice(first);
}

function flows(all: readonly Row[], from: number, to: number): boolean {
  for (let y = Math.max(1, from); y < to; y++) if (all[y]!.wrapped && !flowsInto(all[y - 1]!, all[y]!)) return false;
  return true;
}

/** Where the line begins that row `y` is part of. */
function lineStart(all: readonly Row[], y: number): number {
  let at = Math.min(y, all.length - 1);
  while (at > 0 && all[at]!.wrapped) at--;
  return at;
}

/** Onto an empty screen. `history` as `paintableHistory` gave it. */
export function paintWithHistory(painter: RowPainter, history: readonly Row[], rows: readonly Row[]): void {
  const all = [...history, ...rows];
  const high = rows.length;
  const begin = lineStart(all, history.length);
  for (let y = 0; y < begin; ) {
    let end = Math.min(begin, y + high);
    while (end < begin && end > y && all[end]!.wrapped) end--;
    if (end === y) {
      end = y + high;
      painter.rows(all.slice(y, end));
      while (end < begin && all[end]!.wrapped) below(painter, all, end++, high);
      scrollAway(painter, high, high);
    } else {
      painter.rows(all.slice(y, end));
      scrollAway(painter, high, end - y);
    }
    y = end;
  }
  painter.rows(all.slice(begin, begin + high));
  for (let y = begin + high; y < all.length; y++) below(painter, all, y, high);
}

function below(painter: RowPainter, all: readonly Row[], y: number, high: number): void {
  const row = all[y]!;
  if (row.wrapped && high === 1) {
    painter.runOver(all[y - 1]!, 0);
    painter.rowBelow(row, all[y - 1]!, 0);
    return;
  }
  scrollAway(painter, high, 1);
  if (row.wrapped) painter.runOver(all[y - 1]!, high - 2);
  painter.rowBelow(row, all[y - 1]!, high - 1);
}

function scrollAway(painter: RowPainter, high: number, lines: number): void {
  painter.take(PLAIN_PEN);
  painter.to(0, high - 1);
  painter.moving('\n'.repeat(lines));
}
