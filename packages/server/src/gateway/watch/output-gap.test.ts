/** The law of the gap: a screen fed with what it kept of a flood is the screen fed with the whole flood. */
import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHeadlessEmulator } from '../../edges/screen/headless-emulator.js';
import { createOutputGap, KEPT_LINES } from './output-gap.js';

const SIZE = { cols: 40, rows: 12 };
const SCROLLBACK = 300;
const looks = ({ normal, alternate, alternateShown, modes, pen, scrollbackLeft }: ScreenView): string =>
  JSON.stringify({ normal, alternate, alternateShown, modes, pen, scrollbackLeft });

const colours = [
  '\x1b[m',
  '\x1b[0;1;31m',
  '\x1b[44m',
  '\x1b[38;5;99;4:3m',
  '\x1b[7m',
  '\x1b[39m',
  '\x1b[22m',
  '\x1b[K',
  '\x1b[2K',
];
const line = fc.string({
  unit: fc.constantFrom('a', 'B', ' ', '中', '\t', '\b', '\u0301', '\x07', ...colours),
  maxLength: 90,
});

describe('output gap', () => {
  it('law: what a flood of plain lines leaves is what its last lines leave', () => {
    let cuts = 0;
    const before = fc.constantFrom(
      '',
      '\x1b[41mred ',
      '\x1b[?1049h\x1b[5;5H',
      '\x1b[?7l',
      '\x1b[4h',
      '\x1b[3;7H\x1b7',
      '\x1b[20h',
    );
    fc.assert(
      fc.property(before, fc.array(line, { minLength: 5, maxLength: 40 }), fc.nat(2_000), (state, lines, split) => {
        const [whole, kept] = [createHeadlessEmulator(SIZE, SCROLLBACK), createHeadlessEmulator(SIZE, SCROLLBACK)];
        const start = Buffer.from(`${'first\r\n'.repeat(SCROLLBACK + 20)}${state}`);
        const gap = createOutputGap();
        gap.output(start);
        gap.drop(gap.mark);
        for (const one of [whole, kept]) one.write(start);
        const flood = Buffer.from(
          Array.from({ length: KEPT_LINES + 600 }, (_, n) => `${n} ${lines[n % lines.length]}\r\n`).join(''),
        );
        for (const piece of [flood.subarray(0, split), flood.subarray(split)]) gap.output(piece);
        whole.write(flood);
        const bytes = gap.bytes;
        expect(gap.cut()).toBe(true);
        if (gap.bytes < bytes) cuts++;
        for (const entry of gap.since(0)) if ('bytes' in entry) kept.write(entry.bytes);
        expect(looks(kept.view(200))).toBe(looks(whole.view(200)));
        for (const one of [whole, kept]) one.write(Buffer.from('\x1b8back\x1b[H\x1b[2Ktop\x1b[?1049l end'));
        expect(looks(kept.view(200))).toBe(looks(whole.view(200)));
      }),
      { numRuns: 25, seed: 20_261_122 },
    );
    expect(cuts).toBe(25);
  });

  it('keeps everything that means more than text, and the order of sizes', () => {
    const gap = createOutputGap();
    const flood = Buffer.from('line\r\n'.repeat(KEPT_LINES * 2));
    for (const special of [
      '\x1b[1A',
      '\x1b[?4m',
      '\x1b[>4m',
      '\x1bM',
      '\x1b[1\rm',
      '\x0e',
      '\u009b1m',
      'half a character: \xc2',
    ])
      for (const bytes of [flood, Buffer.from(special, special.endsWith('\xc2') ? 'latin1' : 'utf8'), flood]) {
        gap.output(bytes);
        expect(gap.plain).toBe(!gap.since(0).some((entry) => 'bytes' in entry && entry.bytes !== flood));
      }
    expect(gap.cut()).toBe(false);
    gap.drop(gap.mark);
    gap.output(flood);
    const mark = gap.mark;
    gap.resize({ cols: 9, rows: 9 });
    expect(gap.cut()).toBe(false);
    gap.output(flood);
    expect(gap.since(mark)).toEqual([
      { size: { cols: 9, rows: 9 } },
      { offset: gap.offset - flood.length, bytes: flood },
    ]);
    gap.drop(gap.mark);
    expect([gap.bytes, gap.plain]).toEqual([0, true]);
  });

  it('leaves to an emulator what sets the pen in too many ways', () => {
    const gap = createOutputGap();
    const rainbow = (n: number): string => `\x1b[38;2;${n % 256};${n >> 8};0mx\r\n`;
    gap.output(Buffer.from(Array.from({ length: KEPT_LINES * 2 }, (_, n) => rainbow(n)).join('')));
    expect([gap.plain, gap.cut()]).toEqual([true, false]);
    gap.output(Buffer.from(`\x1b[m${'x\r\n'.repeat(KEPT_LINES + 2)}`));
    expect(gap.cut()).toBe(true);
  });

  it('does not look for ever for a line end that is not there', () => {
    const gap = createOutputGap();
    gap.output(Buffer.from(`${'x\r\n'.repeat(10)}${'x\n'.repeat(KEPT_LINES * 3)}`));
    expect([gap.plain, gap.cut()]).toEqual([true, false]);
  });

  it('says where what it kept of a flood begins', () => {
    const gap = createOutputGap();
    for (let n = 0; n < 10; n++) gap.output(Buffer.from('12345678\r\n'.repeat(1_000)));
    expect(gap.cut()).toBe(true);
    const [first] = gap.since(0);
    expect(first).toMatchObject({ offset: 100_000 - KEPT_LINES * 10 - 2, skipped: true });
    expect(gap.bytes).toBe(KEPT_LINES * 10 + 2);
  });
});
