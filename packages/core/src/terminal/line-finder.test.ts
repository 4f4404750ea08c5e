import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineFinder } from './line-finder.js';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
function found(wanted: string, pieces: readonly string[], cols = 80) {
  const finder = new LineFinder(wanted, cols);
  return [...pieces.flatMap((piece, index) => finder.feed(bytesOf(piece), index * 10)), ...finder.end()];
}
const lines = (wanted: string, ...pieces: readonly string[]): readonly string[] =>
  found(wanted, pieces).map(({ before, match, after }) => `${before}[${match}]${after}`);

describe('finding text in output', () => {
  it('finds what stands there, whatever its colour, case and pieces, at the moment it is whole', () => {
    expect(found('rm -rf', ['$ r', 'm \x1b[1;3', '1m-R', 'F\x1b[0m /srv\r\nok'])).toEqual([
      { atMs: 30, before: '$ ', match: 'rm -RF', after: ' /srv' },
    ]);
    expect(lines('错误', '一个\x1b[31m错', '误\x1b[m啊\n')).toEqual(['一个[错误]啊']);
    expect(lines('ok', 'ok no OK')).toEqual(['[ok] no [OK]'].flatMap(() => ['[ok] no OK', 'ok no [OK]']));
  });

  it('finds a character cut between two chunks', () => {
    const finder = new LineFinder('思');
    const bytes = bytesOf('a思b\n');
    const all = [...bytes].flatMap((byte) => [...finder.feed(Uint8Array.of(byte), 1)]);
    expect(all).toEqual([{ atMs: 1, before: 'a', match: '思', after: 'b' }]);
  });

  it('reads a prompt as it was left: corrected, erased, inserted, deleted, wide', () => {
    expect(lines('systemctl', '$ systmectl\b\b\b\b\bemctl\x1b[K status\r\n')).toEqual(['$ [systemctl] status']);
    expect(lines('ls -la', '$ ls la\b\b\x1b[1@-\r\n')).toEqual(['$ [ls -la]']);
    expect(lines('cat a', '$ cxat a\b\b\b\b\b\x1b[1P\r\n')).toEqual(['$ [cat a]']);
    expect(lines('secret', '$ secret\x1b[2K\r$ other\r\n')).toEqual(['$ [secret]']);
    expect(lines('中b', '中文\b\bb\r\n')).toEqual(['[中b]']);
  });

  it('joins what the edge of the screen wrapped', () => {
    // readline: a space and a return move to the next row
    const typed = `${'x'.repeat(17)}abc \rdef`;
    expect(found('abcdef', [typed], 20)).toMatchObject([{ match: 'abcdef' }]);
  });

  it('tells a progress bar once, and what it ended as', () => {
    const bar = Array.from({ length: 50 }, (_, percent) => `\rload ${percent * 2}%`);
    expect(lines('load', ...bar, '\rload done\n')).toHaveLength(1);
    expect(lines('done', ...bar, '\rload done\n')).toEqual(['load [done]']);
  });

  it('never finds what nobody saw: titles, clipboard, sequences', () => {
    expect(lines('hidden', '\x1b]0;hidden\x07\x1b]52;c;hidden\x1b\\\x1bPhidden\x1b\\\x1b[?hidden', 'x\n')).toEqual([]);
    expect(lines('31m', '\x1b[31mred\n')).toEqual([]);
  });

  it('does not join what stands in different places of the screen', () => {
    expect(lines('ab', 'a\x1b[5;5Hb\n')).toEqual([]);
  });

  it('V33: what it gives holds neither controls nor marks that turn text', () => {
    const [one] = found('x', ['\u202eevil\u2066\u0007 x \u200b!\n']);
    expect(one).toEqual({ atMs: 0, before: 'evil ', match: 'x', after: ' !' });
  });

  it('is bounded: a file without line ends, and endless parameters', () => {
    const finder = new LineFinder('needle');
    const chunk = bytesOf('y'.repeat(65_536));
    let count = 0;
    for (let part = 0; part < 64; part++) count += finder.feed(chunk, part).length;
    // Over the bound of a line, wherever that falls.
    count += finder.feed(bytesOf(`${'z'.repeat(8_189)}needle\x1b[${'1;'.repeat(9_999)}m`), 99).length;
    expect(count + finder.end().length).toBe(1);
    expect(JSON.stringify(finder).length).toBeLessThan(1_000_000);
  });

  it('law: how the bytes are cut changes nothing of what is found', () => {
    const piece = fc.constantFrom(
      'ab',
      'a',
      'b',
      '\r',
      '\n',
      '\b',
      '中',
      '\x1b[K',
      '\x1b[31m',
      '\x1b[3G',
      '\x1b]0;ab\x07',
      '\t',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.array(fc.nat(200), { maxLength: 8 }), (parts, cuts) => {
        const bytes = bytesOf(parts.join(''));
        const whole = new LineFinder('ab', 10);
        const cut = new LineFinder('ab', 10);
        const at = [0, ...cuts.map((one) => Math.min(one, bytes.length)).sort((a, b) => a - b), bytes.length];
        const pieces = at.slice(1).flatMap((to, index) => [...cut.feed(bytes.subarray(at[index], to), 0)]);
        expect([...pieces, ...cut.end()]).toEqual([...whole.feed(bytes, 0), ...whole.end()]);
      }),
    );
  });
});
