import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { createHeadlessEmulator } from './headless-emulator.js';

const utf8 = new TextEncoder();

describe('headless emulator', () => {
  it('is the version whose insides are read: another one is taken up with the laws of snapshots', () => {
    const require = createRequire(import.meta.url);
    expect(require('@xterm/headless/package.json')).toMatchObject({ version: '6.0.0' });
    expect(require('@xterm/addon-unicode11/package.json')).toMatchObject({ version: '0.9.0' });
  });

  it('tells all that a view names', () => {
    const emulator = createHeadlessEmulator({ cols: 12, rows: 4 });
    emulator.write(
      utf8.encode(
        '\x1b[1;3;4:3;58;2;1;2;3;38;5;200;48;2;9;8;7m中e\u0301\x1b]8;id=a;https://x.example/\x1b\\L\x1b7\x1b[m\x1b]8;;\x1b\\' +
          '\x1b]2;名\x07\x1b]1;icon\x07\x1b]4;7;rgb:0a/0b/0c\x07\x1b[2;3r\x1b[?6;1;2004;1002;1006;25;12h\x1b[?25l\x1b[5 q' +
          '\x1b(0\x1b)A\x0e\x1b[4;20h\x1b[2;2H',
      ),
    );
    const view = emulator.view();
    const [first] = view.normal.rows;
    expect(first?.cells.slice(0, 4)).toMatchObject([
      { text: '中', width: 2 },
      { text: '', width: 0 },
      { text: 'e\u0301', width: 1 },
      { text: 'L', width: 1, pen: { link: { uri: 'https://x.example/', id: 'a' } } },
    ]);
    expect(first?.cells[0]?.pen).toEqual({
      fg: 0x2000000 | 200,
      bg: 0x3000000 | 0x090807,
      flags: 1 | 4,
      underline: 3,
      underlineColour: 0x3000000 | 0x010203,
      link: undefined,
    });
    expect(view).toMatchObject({
      size: { cols: 12, rows: 4 },
      alternateShown: false,
      charsets: ['0', 'A', 'B', 'B'],
      shifted: 1,
      charset: 'A',
      title: '名',
      iconName: 'icon',
      normal: { cursor: { x: 1, y: 2 }, saved: { x: 4, y: 0 }, margins: { top: 1, bottom: 2 }, tabs: [0, 8] },
      modes: {
        applicationCursorKeys: true,
        bracketedPaste: true,
        cursorBlink: true,
        cursorHidden: true,
        cursorStyle: 5,
        insert: true,
        mouse: 1002,
        mouseEncoding: 1006,
        newLine: true,
        origin: true,
        wraparound: true,
      },
    });
    expect([...view.palette]).toEqual([[7, 0x0a0b0c]]);
  });

  it('F16: goes on after an erase above from the last cell, at which xterm.js stops for good', () => {
    for (const erase of ['\x1b[1J', '\x1b[?1J']) {
      const emulator = createHeadlessEmulator({ cols: 4, rows: 2 });
      emulator.write(utf8.encode(`ab\x1b[9;9H${erase}x`));
      expect(
        emulator
          .view()
          .normal.rows.map(({ cells }) => cells.map(({ text }) => text).join(''))
          .join('|'),
      ).toBe('|x');
    }
  });

  it('W16: any pieces give the same screen, also those that cut a character', () => {
    const bytes = utf8.encode('思值通者中文😀');
    const whole = createHeadlessEmulator({ cols: 20, rows: 2 });
    whole.write(bytes);
    const cut = createHeadlessEmulator({ cols: 20, rows: 2 });
    for (const byte of bytes) cut.write(Uint8Array.of(byte));
    expect(cut.view()).toEqual(whole.view());
    const long = createHeadlessEmulator({ cols: 20, rows: 2 });
    long.write(utf8.encode(`${'a'.repeat(131_071)}\x1b[2J\x1b[H思值通者中文😀`));
    expect(long.view().normal.rows[0]).toEqual(whole.view().normal.rows[0]);
  });
});
