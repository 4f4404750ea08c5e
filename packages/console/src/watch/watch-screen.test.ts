import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { createWatchScreen } from './watch-screen.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const FULL_SCREEN = '\x1b[?1049h\x1b[?1000h\x1b[?1006h\x1b[?1h\x1b[?25l\x1b[2;5r\x1b[31m';

function stand() {
  const terminal = new xterm.Terminal({ allowProposedApi: true, scrollback: 100, cols: 40, rows: 10 });
  const sizes: string[] = [];
  const screen = createWatchScreen(terminal, ({ cols, rows }) => sizes.push(`${cols}x${rows}`));
  const settled = (): Promise<void> => new Promise((done) => terminal.write('', done));
  const text = (): string =>
    Array.from({ length: terminal.rows }, (_, y) => terminal.buffer.active.getLine(y)?.translateToString(true) ?? '')
      .join('\n')
      .trimEnd();
  return { terminal, screen, sizes, settled, text };
}
const snapshot = (text: string, cols = 40, rows = 10) => ({ size: { cols, rows }, scrollback: 90, bytes: bytes(text) });

describe('the screen of a watch', () => {
  it('W2: a new screen replaces all of the old one, wherever that stood in a sequence or a character', async () => {
    const { screen, settled, text, terminal } = stand();
    screen.restore(snapshot('one'), () => undefined);
    screen.write(bytes(`${FULL_SCREEN}\x1b]0;half a title`), () => undefined);
    screen.write(bytes('中').subarray(0, 2), () => undefined);
    screen.restore(snapshot('two', 50, 12), () => undefined);
    screen.write(bytes(' three'), () => undefined);
    await settled();
    expect(text()).toBe('two three');
    expect([terminal.cols, terminal.rows, terminal.buffer.active.type]).toEqual([50, 12, 'normal']);
    expect(terminal.options.scrollback).toBe(90);
  });

  it('S30, W17: a size is in force between the bytes before and after it', async () => {
    const { screen, settled, text, sizes } = stand();
    screen.restore(snapshot(''), () => undefined);
    screen.write(bytes('\x1b[1;38Habcd'), () => undefined);
    screen.resize({ cols: 60, rows: 10 });
    screen.write(bytes('\x1b[3;38Habcdefgh'), () => undefined);
    await settled();
    expect(text().split('\n')[2]).toBe(`${' '.repeat(37)}abcdefgh`);
    expect(sizes.at(-1)).toBe('60x10');
  });

  it('tells what is parsed, of screens and output, each once and in order', async () => {
    const { screen, settled } = stand();
    const parsed: string[] = [];
    screen.restore(snapshot('x'), () => parsed.push('screen'));
    screen.write(bytes('y'.repeat(300_000)), () => parsed.push('output'));
    screen.write(bytes(''), () => parsed.push('nothing'));
    await settled();
    expect(parsed).toEqual(['screen', 'output', 'nothing']);
  });

  it('S35: at the end it stands outside the full-screen program, without its mouse, keys and colours', async () => {
    const { screen, settled, text, terminal } = stand();
    screen.restore(snapshot('ready> vim'), () => undefined);
    screen.write(bytes(`${FULL_SCREEN}\x1b[H~ editing\x1b]52;c;`), () => undefined);
    await settled();
    expect(text()).toBe('~ editing');
    screen.leave();
    await settled();
    await settled();
    expect(terminal.buffer.active.type).toBe('normal');
    expect(text()).toBe('ready> vim');
    expect(terminal.modes).toMatchObject({
      mouseTrackingMode: 'none',
      applicationCursorKeysMode: false,
      bracketedPasteMode: false,
    });
  });
});
