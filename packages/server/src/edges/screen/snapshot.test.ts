/** X17, X18: restore(snapshot(t)) is t, in every cell and mode, now and after whatever follows. */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { createGroundScanner } from '@sallyport/core/terminal/ground-scanner.js';
import type { ScreenBuffer, ScreenView } from '@sallyport/core/terminal/screen-view.js';
import { SNAPSHOT_BYTES_PER_CELL, SNAPSHOT_FIXED_BYTES, takeSnapshot } from '@sallyport/core/terminal/snapshot.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeadlessEmulator } from './headless-emulator.js';
import { outputOfPrograms } from './terminal-bytes.fixture.js';

/** The long run looks for new screens; the ordinary one must not fail by luck for a change that has nothing to do with it. */
const RUNS = process.env.LONG_TESTS === '1' ? { numRuns: 20_000 } : { numRuns: 300, seed: 20_261_122 };

/** As an object that says where two views differ; what a snapshot is known to leave out is evened. */
function comparable(view: ScreenView, right = true): unknown {
  const active = view.alternateShown ? view.alternate : view.normal;
  const screen = (buffer: ScreenBuffer) => ({
    rows: buffer.rows.map(({ wrapped, cells }, y) => {
      const waiting = buffer === active && buffer.cursor.y === y && buffer.cursor.x >= view.size.cols;
      const row = cells.map(({ text, width, pen }, x) => {
        const shown = text === '' && waiting && x === cells.length - 1 && width === 1 ? ' ' : text;
        return `${shown}|${width}|${JSON.stringify(right ? pen : { ...pen, link: undefined })}`;
      });
      return `${wrapped ? '>' : ' '}${row.join(' ')}`;
    }),
    // ED 3 in what follows moves only the original's saved cursor.
    saved: { ...buffer.saved, y: right ? buffer.saved.y : 0, pen: JSON.stringify(buffer.saved.pen) },
    margins: buffer.rows.length === 0 ? undefined : buffer.margins,
    tabs: buffer.rows.length === 0 ? undefined : buffer.tabs,
    cursor: buffer === active ? buffer.cursor : undefined,
  });
  const { normal, alternate, palette, pen, scrollbackLeft, ...rest } = view;
  return {
    ...rest,
    // And gives only it its room back.
    scrollbackLeft: right ? scrollbackLeft : undefined,
    pen: right ? pen : { ...pen, link: undefined },
    normal: screen(normal),
    alternate: screen(alternate),
    palette: [...palette],
  };
}

const sizes = fc.record({ cols: fc.integer({ min: 2, max: 24 }), rows: fc.integer({ min: 1, max: 7 }) });

function law(size: TerminalSize, scrollback: number, bytes: Uint8Array, tail: Uint8Array, before: Uint8Array): void {
  const original = createHeadlessEmulator(size, scrollback);
  const safe = createGroundScanner().push(bytes);
  original.write(bytes.subarray(0, Math.max(0, safe)));
  const view = original.view();
  const snapshot = takeSnapshot(view);
  // Another one, used before: nothing of that may stay.
  const restored = createHeadlessEmulator({ cols: 9, rows: 4 }, scrollback);
  restored.write(before);
  restored.restore(snapshot);
  expect(comparable(restored.view())).toEqual(comparable(view));
  const last = view.alternateShown ? view.alternate : view.normal;
  const blank = last.cursor.x >= size.cols && last.rows[last.cursor.y]?.cells.at(-1)?.text === '';
  if (!blank)
    expect(new TextDecoder().decode(takeSnapshot(restored.view()).bytes)).toBe(
      new TextDecoder().decode(snapshot.bytes),
    );
  const titles = 3 * (view.title.length + view.iconName.length);
  expect(snapshot.bytes.length).toBeLessThan(
    size.cols * size.rows * (view.alternateShown ? 2 : 1) * SNAPSHOT_BYTES_PER_CELL + SNAPSHOT_FIXED_BYTES + titles,
  );
  if (blank) return; // the space in its place can show later
  const rest = new Uint8Array(bytes.length - Math.max(0, safe) + tail.length);
  rest.set(bytes.subarray(Math.max(0, safe)));
  rest.set(tail, rest.length - tail.length);
  original.write(rest);
  restored.write(rest);
  // A link is forgotten with the line on which it was opened, which for the restored one is another.
  expect(comparable(restored.view(), false)).toEqual(comparable(original.view(), false));
}

describe('snapshot', () => {
  it('law: a mark that follows a sequence joins nothing, also after a restore', () => {
    const bytes = new TextEncoder().encode('a\u001b[?25h\u0301');
    law({ cols: 2, rows: 1 }, 0, bytes, new Uint8Array(), new Uint8Array());
  });

  it('law: brings back any screen that programs can make, and goes on the same', () => {
    fc.assert(
      fc.property(
        sizes,
        fc.constantFrom(0, 3, 10_000),
        outputOfPrograms(60),
        outputOfPrograms(12),
        outputOfPrograms(6),
        law,
      ),
      RUNS,
    );
  });
});

const STREAMS = new URL('../../../test/fixtures/terminal-streams/', import.meta.url);

describe.each(readdirSync(STREAMS).filter((name) => name.endsWith('.vt.gz')))('snapshot in %s', (name) => {
  const stream = gunzipSync(readFileSync(new URL(name, STREAMS)));

  it('X18: at random moments of a recorded program is the screen, and stays it to the end', () => {
    const whole = createHeadlessEmulator({ cols: 80, rows: 24 });
    whole.write(stream);
    const end = comparable(whole.view(), false);
    const running = createHeadlessEmulator({ cols: 80, rows: 24 });
    const restored = createHeadlessEmulator({ cols: 80, rows: 24 });
    const scanner = createGroundScanner();
    let at = 0;
    let largest = 0;
    const step = fc.sample(fc.integer({ min: 1, max: Math.ceil(stream.length / 12) }), { numRuns: 40 });
    for (const length of step) {
      const piece = stream.subarray(at, at + length);
      const safe = scanner.push(piece);
      running.write(piece.subarray(0, Math.max(0, safe)));
      if (safe > 0) {
        const view = running.view();
        const snapshot = takeSnapshot(view);
        largest = Math.max(largest, snapshot.bytes.length);
        restored.restore(snapshot);
        expect(comparable(restored.view())).toEqual(comparable(view));
        restored.write(stream.subarray(at + safe));
        expect(comparable(restored.view(), false)).toEqual(end);
      }
      running.write(piece.subarray(Math.max(0, safe)));
      at += piece.length;
      if (at >= stream.length) break;
    }
    expect(largest).toBeLessThan(12 * 80 * 24);
  });
});
