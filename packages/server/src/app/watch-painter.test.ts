import { describe, expect, it } from 'vitest';
import { createHeadlessEmulator } from '../edges/screen/headless-emulator.js';
import { createWatchPainter } from './watch-painter.js';

const ROOM = { columns: 40, rows: 11 };
function shownBy(host: string): { bytes: string; rows: string[] } {
  const watched = createHeadlessEmulator({ cols: 40, rows: 10 });
  watched.write(Buffer.from(host));
  const bytes = createWatchPainter().paint(watched.view(), 'who', ROOM);
  const terminal = createHeadlessEmulator({ cols: ROOM.columns, rows: ROOM.rows });
  terminal.write(Buffer.from(bytes));
  const { rows } = terminal.view().normal;
  return {
    bytes,
    rows: rows.map(({ cells }) =>
      cells
        .map((c) => (c.width === 0 ? '' : c.text || ' '))
        .join('')
        .trimEnd(),
    ),
  };
}

describe('a watched screen in one’s own terminal', () => {
  it('shows cells, colours and cursor, wide characters whole', () => {
    const { bytes, rows } = shownBy('\x1b[31m堡垒机\x1b[m ok\r\n\x1b[1mbold\x1b[m $ ');
    expect(rows.slice(0, 2)).toEqual(['堡垒机 ok', 'bold $']);
    expect(rows.at(-1)).toBe('who');
    expect(bytes).toContain('\x1b[0;31m');
    expect(bytes.endsWith('\x1b[2;8H\x1b[?25h')).toBe(true);
  });

  it('V32: nothing of a hostile output gets there but its cells', () => {
    const hostile = [
      ...['\x1b[c', '\x1b[6n', '\x1b[>c', '\x1bP$qm\x1b\\', '\x1b[21t', '\x1b]52;c;cm0gLXJm\x07', '\x1b]2;title\x07'],
      ...[
        '\x1b]8;;file:///etc/passwd\x1b\\link\x1b]8;;\x1b\\',
        '\x1b[?1003h\x1b[?1006h',
        '\x1b[?2004h',
        '\x1b]4;1;rgb:00/00/00\x07',
      ],
      ...['\x1b[1"qprotected', '\x1b[?1049h', 'text\x9b5m', '\x1b[?5h'],
    ];
    const { bytes } = shownBy(hostile.join(''));
    const sequences = bytes.match(/\x1b(\[[0-9;:?]*[A-Za-z]|.)/g) ?? [];
    const kinds = new Set(sequences.map((one) => one.replace(/[0-9;:]+/g, '')));
    expect([...kinds].sort()).toEqual(['\x1b[?h', '\x1b[?l', '\x1b[H', '\x1b[K', '\x1b[m'].sort());
    expect(sequences.filter((one) => one.includes('?'))).toEqual(['\x1b[?25l', '\x1b[?25h']);
    expect(bytes.replace(/\x1b\[[0-9;:?]*[A-Za-z]/g, '')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  it('writes only what changed, and of a screen larger than the room what fits', () => {
    const watched = createHeadlessEmulator({ cols: 80, rows: 30 });
    const painter = createWatchPainter();
    watched.write(Buffer.from(Array.from({ length: 29 }, (_, n) => `line ${n} ${'x'.repeat(60)}`).join('\r\n')));
    expect(painter.paint(watched.view(), 'who', ROOM)).toContain('line 28');
    watched.write(Buffer.from('\r\x1b[Kchanged'));
    const next = painter.paint(watched.view(), 'who', ROOM);
    expect(next).toContain('changed');
    expect(next).not.toContain('line 27');
    expect(next.length).toBeLessThan(80);
  });
});
