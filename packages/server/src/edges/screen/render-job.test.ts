import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { MAX_SVG_CHARACTERS } from '@sallyport/core/terminal/svg-film.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRenderJob, type RenderOutcome, type RenderTask } from './render-job.js';

const SIZE = { cols: 20, rows: 5 };
type Piece = string | { readonly cols: number; readonly rows: number } | { readonly label: string };

/** One piece each 100 ms. */
function eventsOf(pieces: readonly Piece[]): RecordedEvent[] {
  let offset = 0;
  const events = pieces.map((piece, n): RecordedEvent => {
    const at = { atMs: n * 100, offset };
    if (typeof piece !== 'string') {
      return 'label' in piece ? { ...at, type: 'marker', label: piece.label } : { ...at, type: 'resize', size: piece };
    }
    const bytes = Buffer.from(piece);
    offset += bytes.length;
    return { ...at, type: 'output', bytes };
  });
  return [...events, { type: 'end', atMs: pieces.length * 100, offset }];
}
function run(
  kind: RenderTask['kind'],
  events: readonly RecordedEvent[],
  task: Partial<RenderTask> = {},
): RenderOutcome {
  const job = createRenderJob({ kind, size: SIZE, title: 't', fromMs: 0, toMs: Number.POSITIVE_INFINITY, ...task });
  let text = '';
  for (let at = 0; at < events.length; at += 7) {
    const outcome = job.events(events.slice(at, at + 7));
    text += outcome.text;
    if (outcome.done) return { ...outcome, text };
  }
  throw new Error('not done');
}
const text = (...pieces: Piece[]): string => run('text', eventsOf(pieces)).text;
const svg = (...pieces: Piece[]): string => run('svg', eventsOf(pieces)).text;

describe('a transcript', () => {
  it('has each line once, in order, those scrolled away and those on the screen', () => {
    const lines = Array.from({ length: 30 }, (_, n) => `line ${n}`);
    expect(text(...lines.map((line) => `${line}\r\n`), '$ ')).toBe(`${lines.join('\n')}\n$\n`);
  });

  it('a progress bar is its last state, wrapped lines are one, colours and wide characters are text', () => {
    const bar = Array.from({ length: 50 }, (_, n) => `\r${n * 2 + 2} %`);
    expect(text(...bar, '\r\n', 'a'.repeat(70), '\r\n\u001b[31m中文\u001b[0m e\u0301\r\n')).toBe(
      `100 %\n${'a'.repeat(70)}\n中文 e\u0301\n`,
    );
  });

  it('what stood on the screen before it was cleared is kept; watch counts once, as it was last', () => {
    expect(text('one\r\n', '\u001b[H\u001b[2J\u001b[3J', 'two\r\n', '\u001bc', 'three')).toBe('one\ntwo\nthree\n');
    const watch = Array.from({ length: 20 }, (_, n) => `\u001b[H\u001b[2Jload ${n}\r\nsame\r\nand same\r\n`);
    expect(text('$ watch\r\n', ...watch)).toBe('$ watch\nload 19\nsame\nand same\n');
  });

  it('a full-screen program is its last screen, between two marks', () => {
    const vim = ['\u001b[?1049h\u001b[Hfirst', '\u001b[Hsecond \u001b[8mhidden\u001b[0m', '\u001b[?1049l'];
    expect(text('$ vim\r\n', ...vim, '$ exit')).toBe(
      '$ vim\n[full screen]\nsecond hidden\n[end of full screen]\n$ exit\n',
    );
  });

  it('a wrapped line that is half scrolled away when the screen is cleared comes once', () => {
    const long = `begin${'x'.repeat(60)}end`;
    const all = text(
      ...['1\r\n', '2\r\n', '3\r\n'],
      long,
      '\r\na\r\nb\u001b[H\u001b[2J',
      ...Array.from({ length: 9 }, (_, n) => `n${n}\r\n`),
    );
    expect(all).toBe(`1\n2\n3\n${long}\na\nb\n${Array.from({ length: 9 }, (_, n) => `n${n}\n`).join('')}`);
  });

  it('markers stand where they were set, resizes lose nothing', () => {
    const before = Array.from({ length: 8 }, (_, n) => `before ${n}\r\n`);
    const after = Array.from({ length: 8 }, (_, n) => `after ${n}\r\n`);
    const all = text(...before, { cols: 10, rows: 3 }, { label: 'here\u001b' }, ...after, { cols: 60, rows: 9 }, 'end');
    for (const n of [0, 7]) expect(all.match(new RegExp(`before ${n}`, 'g'))).toHaveLength(1);
    expect(all.match(/after \d/g)).toEqual(Array.from({ length: 8 }, (_, n) => `after ${n}`));
    expect(all).toContain('[marker: here]');
  });

  it('a part begins with the screen at its beginning', () => {
    const lines = Array.from({ length: 30 }, (_, n) => `line ${n}\r\n`);
    const part = run('text', eventsOf(lines), { fromMs: 1000, toMs: 1950 }).text;
    expect(part).toBe(Array.from({ length: 14 }, (_, n) => `line ${n + 6}\n`).join(''));
  });

  it('law: nothing but text comes out, and lines printed plainly all come out once', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z0-9]{1,45}$/), { maxLength: 60 }), (lines) => {
        expect(text(...lines.map((line) => `${line}\r\n`))).toBe(lines.map((line) => `${line}\n`).join(''));
      }),
      { numRuns: 30 },
    );
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 20 }), (chunks) => {
        const events = chunks.map((bytes, n): RecordedEvent => ({ type: 'output', atMs: n, offset: 0, bytes }));
        const all = run('text', [...events, { type: 'end', atMs: 99, offset: 0 }]).text;
        expect(all.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a moving picture', () => {
  it('holds each row once, moves only what changed, and shows the last screen without animation', () => {
    const frames = Array.from({ length: 10 }, (_, n) => `\u001b[2;1Hrow ${n % 2}`);
    const all = svg('\u001b[Htop', ...frames);
    expect(all.match(/>row 0</g)).toHaveLength(1);
    expect(all.match(/>top</g)).toHaveLength(1);
    expect(all).toContain('@keyframes r1{');
    expect(all).not.toContain('@keyframes r3{');
    expect(all).toMatch(/#r1\{transform:translateY\(-\d+px\);animation-name:r1\}/);
  });

  it('V33: hostile output stays text: nothing runs, nothing is fetched, nothing breaks out', () => {
    const hostile = [
      '</text><script>alert(1)</script>',
      '<image href="http://x/"/>',
      '"]]><!--&amp;',
      '\u001b]8;;javascript:alert(1)\u0007link\u001b]8;;\u0007',
      '\u001b]4;1;url(http://x)\u0007\u001b[31mred\u202e\u0001\ufffe',
    ];
    const all = run('svg', eventsOf(hostile.map((one) => `${one}\r\n`)), {
      title: '</title><script>x</script>',
      size: { cols: 60, rows: 10 },
    }).text;
    expect(all).not.toMatch(/<script|<image|<[^>]*href|url\(|javascript:|<!--|<foreignObject|<[^>]* on\w+=/i);
    expect(all).toContain('&lt;script&gt;');
    expect(all).not.toMatch(/[\p{Cs}\ufffe\uffff\u202e]|(?!\n)\p{Cc}/u);
  });

  it('law: any output gives well-formed XML of known elements', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 80 }), { maxLength: 12 }), (chunks) => {
        const events = chunks.map((bytes, n): RecordedEvent => ({ type: 'output', atMs: n * 90, offset: 0, bytes }));
        const all = run('svg', [...events, { type: 'end', atMs: 5000, offset: 0 }]).text;
        const open: string[] = [];
        for (const [tag, close, name, , self] of all.matchAll(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g)) {
          expect(['svg', 'g', 'text', 'rect', 'style', 'title'], tag).toContain(name);
          if (close === '/') expect(open.pop()).toBe(name);
          else if (self !== '/') open.push(name!);
        }
        expect(open).toEqual([]);
        expect(all.replace(/<(\/?)([a-z]+)((?: [a-zA-Z:-]+="[^"<]*")*)(\/?)>/g, '')).not.toMatch(
          /[<]|&(?!amp;|lt;|gt;|quot;|#39;)/,
        );
      }),
      { numRuns: 60 },
    );
  });

  it('idle time is shortened to two seconds, a part has the screen at its beginning', () => {
    const events: RecordedEvent[] = [
      { type: 'output', atMs: 0, offset: 0, bytes: Buffer.from('before') },
      { type: 'output', atMs: 3_600_000, offset: 6, bytes: Buffer.from('\r\nafter') },
      { type: 'end', atMs: 3_601_000, offset: 13 },
    ];
    expect(run('svg', events).text).toContain('animation-duration:6s');
    const part = run('svg', events, { fromMs: 3_000_000, toMs: 3_100_000 }).text;
    expect(part).toContain('>before<');
    expect(part).not.toContain('>after<');
  });

  it('one that would be too large is given up, and it says where', () => {
    const noise = Array.from({ length: 6_000 }, (_, n) => `\u001b[H${`${n}-`.repeat(99)}`);
    const outcome = run('svg', eventsOf(noise), { size: { cols: 100, rows: 5 } });
    expect(outcome.done).toBe(true);
    expect(outcome.fullAtMs).toBeGreaterThan(60_000);
    expect(outcome.text.length).toBeLessThan(MAX_SVG_CHARACTERS);
  });
});

describe('the opening of a part', () => {
  it('is the screen at that moment, and tells which events follow', () => {
    const events = eventsOf(['one\r\n', '\u001b[31mtwo\r\n', 'three']);
    const { opening } = run('part', events, { fromMs: 150 });
    expect(opening).toMatchObject({ size: SIZE, used: 2 });
    const drawn = Buffer.from(opening!.bytes).toString();
    expect(drawn).toContain('one');
    expect(drawn).toContain('two');
    expect(drawn).not.toContain('three');
  });
});
