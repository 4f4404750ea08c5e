/** Lines that have scrolled away come back with a snapshot, and the screen is no other for it. */
import { createGroundScanner } from '@sallyport/core/terminal/ground-scanner.js';
import { paintableHistory } from '@sallyport/core/terminal/history-painter.js';
import type { Row, ScreenView } from '@sallyport/core/terminal/screen-view.js';
import { takeSnapshot } from '@sallyport/core/terminal/snapshot.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeadlessEmulator } from './headless-emulator.js';
import { outputOfPrograms } from './terminal-bytes.fixture.js';

const RUNS = process.env.LONG_TESTS === '1' ? { numRuns: 20_000 } : { numRuns: 400, seed: 20_261_122 };

const text = (rows: readonly Row[]): string[] =>
  rows.map(
    ({ wrapped, cells }) =>
      `${wrapped ? '>' : ' '}${cells.map((c) => `${c.text}|${c.width}|${JSON.stringify(c.pen)}`)}`,
  );
/** What can differ by the known limits of a snapshot is not looked at: see snapshot.test.ts. */
const screen = ({ normal, alternate, alternateShown, modes, scrollbackLeft }: ScreenView): unknown => ({
  normal: text(normal.rows),
  alternate: text(alternate.rows),
  cursor: alternateShown ? alternate.cursor : normal.cursor,
  modes,
  scrollbackLeft,
});

const utf8 = new TextEncoder();
/** Lines that scroll, some longer than the screen, some wide, some coloured; with what programs do between them. */
const scrolling = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.string({ unit: fc.constantFrom('a', 'b', ' ', '堡', 'é', '0'), maxLength: 60 }) },
      {
        weight: 2,
        arbitrary: fc.constantFrom('\u001b[31m', '\u001b[44m', '\u001b[m', '\u001b[1;38;2;9;8;7m', '\t', '\b'),
      },
      { weight: 3, arbitrary: fc.constant('\r\n') },
    ),
    { minLength: 20, maxLength: 90 },
  )
  .map((parts) => utf8.encode(parts.join('')));
const outputs = fc
  .tuple(outputOfPrograms(8), scrolling, outputOfPrograms(8), scrolling)
  .map((parts) => Buffer.concat(parts));

const sizes = fc.record({ cols: fc.integer({ min: 2, max: 24 }), rows: fc.integer({ min: 1, max: 7 }) });

describe('history in a snapshot', () => {
  it('law: is what the emulator kept, in every cell, wrap and colour', () => {
    let shipped = 0;
    fc.assert(
      fc.property(sizes, fc.constantFrom(2, 5, 30), outputs, (size, lines, bytes) => {
        const original = createHeadlessEmulator(size, 40);
        const safe = Math.max(0, createGroundScanner().push(bytes));
        original.write(bytes.subarray(0, safe));
        const view = original.view(lines);
        const { cursor } = view.alternateShown ? view.alternate : view.normal;
        // Neither can be painted: see snapshot.ts.
        fc.pre(cursor.x < size.cols && !Buffer.from(bytes).includes('[?7l'));
        const history = paintableHistory(view.normal);
        shipped += history.length;
        const restored = createHeadlessEmulator({ cols: 9, rows: 4 }, 40);
        restored.restore(takeSnapshot(view));
        const again = restored.view(lines);
        expect(text(again.normal.history ?? [])).toEqual(text(history));
        expect(screen(again)).toEqual(screen(view));
      }),
      RUNS,
    );
    expect(shipped).toBeGreaterThan(RUNS.numRuns);
  });

  it('joins a line that runs from there into the screen, so that a wider screen shows it whole', () => {
    const original = createHeadlessEmulator({ cols: 10, rows: 3 });
    original.write(utf8.encode(`first\r\n${'0123456789'.repeat(4)}end\r\n`));
    const restored = createHeadlessEmulator({ cols: 80, rows: 24 });
    restored.restore(takeSnapshot(original.view(100)));
    for (const one of [original, restored]) one.resize({ cols: 50, rows: 3 });
    expect(text(restored.view(9).normal.rows)).toEqual(text(original.view(9).normal.rows));
  });
});
