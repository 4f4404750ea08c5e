import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leaveProgram } from './tidy.js';

const ESC = '\x1b';
/** What programs switch on: screens, margins, modes, pens, sets, colours. */
const HABITS = [
  ...[1, 5, 6, 7, 9, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1016, 1047, 1048, 1049, 2004, 2026].flatMap(
    (mode) => [`${ESC}[?${mode}h`, `${ESC}[?${mode}l`],
  ),
  `${ESC}[4h`,
  `${ESC}[20h`,
  `${ESC}=`,
  `${ESC}[3;5r`,
  `${ESC}[8;31;41m`,
  `${ESC}(0`,
  '\x0e',
  `${ESC}7`,
  `${ESC}[2;2H`,
  `${ESC}]4;1;rgb:00/00/00${ESC}\\`,
  `${ESC}]10;#000000${ESC}\\`,
  `${ESC}[2J`,
  'text\r\n',
];

describe('leaving a program', () => {
  it('S35: law: whatever it switched on, what follows is plain text on the normal screen', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...HABITS), { maxLength: 30 }), async (habits) => {
        const terminal = new xterm.Terminal({ cols: 40, rows: 8, allowProposedApi: true });
        const plain = JSON.stringify(terminal.modes);
        const write = (text: string): Promise<void> => new Promise((done) => terminal.write(text, done));
        await write(habits.join(''));
        await write(leaveProgram(terminal.buffer.active.type === 'alternate'));
        const sent: string[] = [];
        terminal.onData((data) => sent.push(data));
        await write('\r\nqqEnded by lin');
        const { active } = terminal.buffer;
        expect(active.type).toBe('normal');
        expect(JSON.stringify(terminal.modes)).toBe(plain);
        const line = active.getLine(active.baseY + active.cursorY);
        expect(line?.translateToString(true)).toBe('qqEnded by lin');
        const cell = line?.getCell(0);
        expect([cell?.isFgDefault(), cell?.isBgDefault(), cell?.isInvisible()]).toEqual([true, true, 0]);
        expect(sent).toEqual([]);
        terminal.dispose();
      }),
      { numRuns: 300 },
    );
  });
});
