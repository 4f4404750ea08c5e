import { Terminal } from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createModeScan } from './mode-scan.js';

const bytes = (text: string) => Buffer.from(text, 'latin1');
const write = (terminal: Terminal, data: Uint8Array) => new Promise<void>((done) => terminal.write(data, done));

async function modesAfter(data: Uint8Array) {
  const terminal = new Terminal({ allowProposedApi: true });
  await write(terminal, data);
  const { applicationCursorKeysMode, bracketedPasteMode, mouseTrackingMode, wraparoundMode } = terminal.modes;
  const modes = {
    applicationCursorKeysMode,
    bracketedPasteMode,
    mouseTrackingMode,
    wraparoundMode,
    alternate: terminal.buffer.active.type === 'alternate',
  };
  terminal.dispose();
  return modes;
}

describe('mode scan', () => {
  it('restores what vim sets: alternate screen, cursor keys, bracketed paste, mouse', () => {
    const scan = createModeScan();
    scan.scan(bytes('$ vim\r\n\x1b[?1049h\x1b[?1h\x1b=\x1b[?2004h\x1b[?1006;1000h\x1b[?25l'));
    expect(Buffer.from(scan.restore()).toString('latin1')).toBe(
      '\x1bc\x1b[?1049h\x1b[?1h\x1b[?2004h\x1b[?1006h\x1b[?1000h\x1b[?25l',
    );
  });

  it('law: for any output and any split, the restored modes are those of the emulator', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '\x1b[?1049h',
        '\x1b[?1049l',
        '\x1b[?1h',
        '\x1b[?1l',
        '\x1b[?2004h',
        '\x1b[?2004l',
        '\x1b[?7l',
        '\x1b[?7h',
      ),
      fc.constantFrom('\x1b[?1000h', '\x1b[?1000l', '\x1b[2J', '\x1b[1;31m', 'text', '\r\n', '\x1bc', '中文'),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 30 }), fc.integer({ min: 1, max: 7 }), async (pieces, step) => {
        const output = Buffer.from(pieces.join(''));
        const scan = createModeScan();
        for (let at = 0; at < output.length; at += step) scan.scan(output.subarray(at, at + step));
        expect(await modesAfter(scan.restore())).toEqual(await modesAfter(output));
      }),
      { numRuns: 200 },
    );
  });

  it('hostile: endless parameters and ten thousand modes stay bounded', () => {
    const scan = createModeScan();
    scan.scan(bytes(`\x1b[?${'1'.repeat(100_000)}h`));
    for (let mode = 3000; mode < 13_000; mode++) scan.scan(bytes(`\x1b[?${mode}h`));
    expect(scan.restore().length).toBeLessThan(2_000);
  });
});
