import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exportAsciicast } from './asciicast.js';
import { AsciicastDecoder, MAX_DOCUMENT_BYTES, MAX_LINE_BYTES } from './asciicast-import.js';
import type { RecordedEvent } from './recorded-event.js';
import type { RecordingHeader } from './recording-header.js';

const HEADER: RecordingHeader = {
  sessionId: '0123456789abcdefghjkmnpqrs',
  startedAt: 1_504_467_315_000,
  size: { cols: 100, rows: 30 },
  term: 'screen-256color',
  shell: '/bin/zsh',
  title: 'lin > web-01 (root) "quoted" 你好',
  userName: 'lin',
  hostName: 'web-01',
  login: 'root',
};

interface Read {
  readonly decoder: AsciicastDecoder;
  readonly events: RecordedEvent[];
  readonly output: string;
}
function read(file: string | Uint8Array, options: { keepInput?: boolean; piece?: number } = {}): Read {
  const bytes = typeof file === 'string' ? Buffer.from(file) : file;
  const decoder = new AsciicastDecoder(options);
  const events: RecordedEvent[] = [];
  const piece = options.piece ?? bytes.length;
  for (let at = 0; at < bytes.length; at += piece) events.push(...decoder.push(bytes.subarray(at, at + piece)));
  events.push(...decoder.finish());
  const output = Buffer.concat(events.map((event) => (event.type === 'output' ? event.bytes : new Uint8Array())));
  return { decoder, events, output: output.toString() };
}
const V2 = '{"version": 2, "width": 80, "height": 24}';
const v2 = (...lines: string[]): string => [V2, ...lines, ''].join('\n');
const v3 = (...lines: string[]): string =>
  ['{"version": 3, "term": {"cols": 80, "rows": 24}}', ...lines, ''].join('\n');
const times = ({ events }: Read): number[] => events.map(({ atMs }) => atMs);
const fault = (file: string | Uint8Array) => read(file).decoder.fault;

describe('asciicast v1', () => {
  const document = {
    version: 1,
    width: 90,
    height: 20,
    duration: 1.5,
    command: '/bin/zsh',
    title: 'first',
    env: { TERM: 'xterm', SHELL: '/bin/zsh' },
    stdout: [
      [0.25, 'a\r\n'],
      [1.000001, '中🙂'],
    ],
  };
  it.each([
    ['on one line', JSON.stringify(document)],
    ['laid out', JSON.stringify(document, undefined, 2)],
    ['with the events before the size', JSON.stringify(Object.fromEntries(Object.entries(document).reverse()))],
    [
      'with CR LF and a byte order mark',
      `\ufeff${JSON.stringify(document, undefined, 1).replaceAll('\n', '\r\n')}\r\n`,
    ],
  ])('is read %s', (_, text) => {
    for (const piece of [1, 7, text.length * 4]) {
      const { decoder, events, output } = read(text, { piece });
      expect(decoder.fault).toBeUndefined();
      expect(decoder.header).toMatchObject({
        version: 1,
        size: { cols: 90, rows: 20 },
        title: 'first',
        command: '/bin/zsh',
        term: 'xterm',
        shell: '/bin/zsh',
      });
      expect(output).toBe('a\r\n中🙂');
      expect(events.map(({ atMs, type }) => [type, atMs])).toEqual([
        ['output', 250],
        ['output', 1250.001],
        ['end', 1250.001],
      ]);
    }
  });

  it('a broken document is refused at its line and column', () => {
    expect(fault('{"version": 1, "width": 80,\n  "height": 24,\n  "stdout": [[0.1, "a"],\n    [oops]]}')).toEqual({
      line: 4,
      column: 6,
      detail: 'the header is no valid JSON',
    });
    expect(fault('{"version":1,"width":8,"height":2,"stdout":[[0.1,"a"],[0.2,7]]}')).toMatchObject({
      line: 1,
      column: 60,
    });
    expect(fault('{"version":1,"width":8,"height":2}')?.detail).toContain('stdout');
    expect(fault('{"version":1,"width":8,"height":2,"stdout":[]}\n[1,"o","x"]')).toMatchObject({ line: 2, column: 1 });
  });

  it('V45: a document past its bound is refused, on one line or laid out', () => {
    const text = `"${'x'.repeat(1024)}"`;
    const events = (separator: string) => `{"version":1,"stdout":[${`[1,${text}],${separator}`.repeat(17 * 1024)}`;
    expect(fault(events(''))?.detail).toBe(`a line of more than ${MAX_DOCUMENT_BYTES} bytes`);
    expect(fault(events('\n'))?.detail).toBe(`a document of more than ${MAX_DOCUMENT_BYTES} bytes`);
  });
});

describe('asciicast v2', () => {
  it('times are absolute, sizes, markers and resizes are kept, input is left out and counted', () => {
    const file = v2('[0.5, "o", "a"]', '[1e-05, "i", "secret"]', '[2.000001, "r", "132x43"]', '[3, "m", "here"]');
    const { decoder, events } = read(file);
    expect(decoder.counts).toEqual({ events: 3, input: 1, unknown: 0, times: 1, sizes: 0, characters: 0 });
    expect(events).toEqual([
      { type: 'output', atMs: 500, offset: 0, bytes: new Uint8Array([0x61]) },
      { type: 'resize', atMs: 2000.001, offset: 1, size: { cols: 132, rows: 43 } },
      { type: 'marker', atMs: 3000, offset: 1, label: 'here' },
      { type: 'end', atMs: 3000, offset: 1 },
    ]);
    const kept = read(file, { keepInput: true }).events[1];
    expect(kept).toEqual({ type: 'input', atMs: 500, offset: 1, bytes: new Uint8Array(Buffer.from('secret')) });
  });

  it('quirks of the wild: floats, comments, blank lines, CR LF, a byte order mark, no newline at the end', () => {
    const file = `\ufeff${V2}\r\n\r\n# said by hand\r\n[0.1,"o","a"]\r\n  [ 0.2 , "o" , "b" ]  \r\n[0.3, "o", "c"]`;
    expect(read(file)).toMatchObject({ output: 'abc', decoder: { fault: undefined } });
    const odd =
      '{"version":2,"width":0,"height":5000,"timestamp":1509091818.25,"title":null,"env":null,"theme":{"a":[1]}}\n';
    const { decoder } = read(odd);
    expect(decoder.header).toMatchObject({ size: { cols: 80, rows: 1000 }, startedAt: 1_509_091_818_250 });
    expect(decoder.counts.sizes).toBe(1);
  });

  it('a last line that its writer did not finish is left out, and the recording says it is cut', () => {
    for (const tail of ['[2.0, "o", "lo', '[2', '[2.0, "o", "x"', '[2.0,']) {
      const { decoder, events, output } = read(`${v2('[1, "o", "a"]')}${tail}`);
      expect(decoder.fault, tail).toBeUndefined();
      expect(output).toBe('a');
      expect(events.at(-1)).toEqual({ type: 'end', atMs: 1000, offset: 1, truncated: true });
    }
  });

  it('times that go back stay where they were; the end is not before the last event', () => {
    const all = read(v2('[5, "o", "a"]', '[3, "o", "b"]', '[-1, "o", "c"]', '[6, "o", "d"]'));
    expect(times(all)).toEqual([5000, 5000, 5000, 6000, 6000]);
    expect(all.decoder.counts.times).toBe(2);
  });

  it('unknown kinds are left out and counted', () => {
    const all = read(v2('[1, "z", "?"]', '[1, "", ""]', '[2, "__proto__", "x"]', '[3, "o", "a"]'));
    expect(all.decoder.counts).toMatchObject({ unknown: 3, events: 1 });
    expect(all.output).toBe('a');
  });

  it('halves of characters are joined over events; lone ones become U+FFFD and are counted', () => {
    const all = read(
      v2('[1, "o", "a\\ud83d"]', '[2, "r", "90x20"]', '[3, "o", "\\ude42b\\udc00"]', '[4, "o", "c\\ud800"]'),
    );
    expect(all.output).toBe('a🙂b�c�');
    expect(all.decoder.counts.characters).toBe(2);
    expect(all.events.map(({ type, offset }) => [type, offset])).toEqual([
      ['output', 0],
      ['resize', 1],
      ['output', 1],
      ['output', 9],
      ['output', 10],
      ['end', 13],
    ]);
  });
});

describe('asciicast v3', () => {
  it('times are intervals; comments are skipped; x is the exit status', () => {
    const all = read(v3('# a comment', '[0.1, "o", "a"]', '[0.0, "m", ""]', '[0.25, "r", "90x20"]', '[1, "x", "3"]'));
    expect(times(all)).toEqual([100, 100, 350, 1350]);
    expect(all.events.at(-1)).toEqual({ type: 'end', atMs: 1350, offset: 1, exitCode: 3 });
  });

  it('a negative interval counts as none; an exit status that is no number is left out', () => {
    const all = read(v3('[1, "o", "a"]', '[-0.5, "o", "b"]', '[1, "x", "KILL"]'));
    expect(times(all)).toEqual([1000, 1000, 2000]);
    expect(all.decoder.counts).toMatchObject({ times: 1, unknown: 1 });
  });

  it('a hundred thousand intervals of thirds do not drift by more than a microsecond', () => {
    const interval = 1 / 3;
    const lines = Array.from({ length: 100_000 }, () => `[${interval}, "o", "x"]`);
    const last = read(v3(...lines)).events.at(-1);
    expect(Math.abs((last?.atMs ?? 0) - (100_000 * 1000) / 3)).toBeLessThan(0.001);
  });
});

describe('hostile asciicast (F16, V45)', () => {
  it.each([
    ['', 1, 1, 'there is no asciicast in it'],
    ['\n\n', 1, 1, 'there is no asciicast in it'],
    ['\u0000\u0001ELF', 1, 1, 'an asciicast begins with a JSON object'],
    ['[0, "o", "x"]', 1, 1, 'an asciicast begins with a JSON object'],
    ['{}', 1, 1, 'it names no version of asciicast'],
    ['{"version": 4}', 1, 1, 'version 4 of asciicast; 1, 2 and 3 are known'],
    ['{"version": "2"}', 1, 1, 'it names no version of asciicast'],
    ['{"version": 2, "width": 80 "height": 24}', 1, 28, 'the header is no valid JSON'],
    ['{"version": 2,\n"width": 80, "height": 24}', 1, 1, 'the header of version 2 does not stand on one line'],
    [v2('[0.1, "o", "a"]', '[0.2, "o", "b"'), 3, 15, 'the event does not end here'],
    [v2('[0.1, "o", "a"]', '0.2, "o", "b"]'), 3, 1, 'an event is a JSON array'],
    [v2('["0.1", "o", "a"]'), 2, 2, 'an event begins with its time in seconds'],
    [v2('[NaN, "o", "a"]'), 2, 2, 'an event begins with its time in seconds'],
    [v2('[1e999, "o", "a"]'), 2, 2, 'a time of Infinity s'],
    [v2('[-1e999, "o", "a"]'), 2, 2, 'a time of -Infinity s'],
    [v2('[1e12, "o", "a"]'), 2, 2, 'a time of 1000000000000 s'],
    [v2('[1, 2, "a"]'), 2, 5, 'the kind of an event is a string'],
    [v2('[1, "o", ["a"]]'), 2, 10, 'the data of an event is a string'],
    [v2('[1, "o", null]'), 2, 10, 'the data of an event is a string'],
    [v2('[1, "o", "a", "b"]'), 2, 13, 'the event does not end here'],
    [v2('[1, "o", "a"] [2, "o", "b"]'), 2, 15, 'something stands after the event'],
    [v2('[1, "o", "\u0007"]'), 2, 11, 'the data of an event is a string'],
    [v2('[1, "o", "\\x"]'), 2, 12, 'the data of an event is a string'],
    [v2('[1, "o", "\\u12"]'), 2, 13, 'the data of an event is a string'],
    [v2('[1, "r", "wide"]'), 2, 10, 'a size is written like 80x24'],
    [v2('[1, "r", "-1x24"]'), 2, 10, 'a size is written like 80x24'],
    [
      v3('[9e6, "o", "a"]', ...Array.from({ length: 40 }, () => '[9e6, "o", "a"]')),
      37,
      2,
      'a recording of more than ten years',
    ],
  ])('%# is refused with line and column', (file, line, column, detail) => {
    for (const piece of [1, 1000]) expect(read(file, { piece }).decoder.fault).toEqual({ line, column, detail });
  });

  it('V45: a line past its bound is refused without being held', () => {
    const decoder = new AsciicastDecoder();
    expect([...decoder.push(Buffer.from(`${V2}\n[1, "o", "`))]).toEqual([]);
    const piece = Buffer.alloc(64 * 1024, 'x');
    let pieces = 0;
    for (; decoder.fault === undefined && pieces < 1000; pieces += 1) expect([...decoder.push(piece)]).toEqual([]);
    expect(pieces * piece.length).toBeLessThanOrEqual(MAX_LINE_BYTES + piece.length);
    expect(decoder.fault).toMatchObject({ line: 2, detail: `a line of more than ${MAX_LINE_BYTES} bytes` });
    expect([...decoder.finish()]).toEqual([]);
  });

  it('V44, V45: deep nesting and odd keys cost nothing and change nothing', () => {
    const deep = '['.repeat(200_000);
    expect(fault(v2(`[1, "o", ${deep}`))).toMatchObject({ line: 2, column: 10 });
    expect(fault(`{"version": 2, "x": ${deep}`)).toMatchObject({ line: 1 });
    const closed = `{"version":2,"width":8,"height":9,"__proto__":{"version":1},"constructor":${deep}${']'.repeat(200_000)}}`;
    expect(read(closed).decoder.header).toMatchObject({ version: 2, size: { cols: 8, rows: 9 } });
    expect(({} as Record<string, unknown>).version).toBeUndefined();
  });

  it('law: no bytes whatever make it throw, and times never go back (X20)', () => {
    const broken = fc
      .tuple(
        fc.constantFrom(v2('[1,"o","a"]', '[2,"r","9x9"]'), v3('[1,"o","a\\ud83d"]', '[1,"x","0"]')),
        fc.array(fc.tuple(fc.nat(), fc.nat(255))),
      )
      .map(([text, changes]) => {
        const bytes = Buffer.from(text);
        for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(broken, fc.uint8Array()), fc.integer({ min: 1, max: 40 }), (bytes, piece) => {
        const all = read(bytes, { piece, keepInput: true });
        const at = times(all);
        expect(at).toEqual([...at].sort((a, b) => a - b));
        const last = all.events.at(-1);
        expect(all.decoder.fault === undefined).toBe(last?.type === 'end');
      }),
      { numRuns: 500 },
    );
  });
});

const textArb = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 });
const stepArb = fc.record({
  gapUs: fc.oneof(fc.nat(3_000_000), fc.constant(0), fc.constant(3_600_000_000)),
  what: fc.oneof(
    fc.record({ type: fc.constant('output' as const), text: textArb }),
    fc.record({ type: fc.constant('input' as const), text: textArb }),
    fc.record({ type: fc.constant('marker' as const), text: fc.string({ unit: 'grapheme', maxLength: 30 }) }),
    fc.record({
      type: fc.constant('resize' as const),
      cols: fc.integer({ min: 1, max: 1000 }),
      rows: fc.integer({ min: 1, max: 1000 }),
    }),
  ),
});

describe.each([2, 3] as const)('round trip over v%i', (version) => {
  it('law: what was exported comes back: every event, to the microsecond', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(stepArb, { maxLength: 30 }),
        fc.option(fc.integer({ min: -5, max: 300 })),
        async (steps, exit) => {
          let us = 0;
          let offset = 0;
          const events = steps.map(({ gapUs, what }): RecordedEvent => {
            us += gapUs;
            const at = { atMs: us / 1000, offset };
            if (what.type === 'resize') return { ...at, type: 'resize', size: { cols: what.cols, rows: what.rows } };
            if (what.type === 'marker') return { ...at, type: 'marker', label: what.text };
            const bytes = new Uint8Array(Buffer.from(what.text));
            if (what.type === 'output') offset += bytes.length;
            return { ...at, type: what.type, bytes };
          });
          const exitCode = version === 3 && exit !== null ? { exitCode: exit } : {};
          const end: RecordedEvent = { type: 'end', atMs: us / 1000, offset, ...exitCode };
          let text = '';
          for await (const line of exportAsciicast(version, HEADER, [...events, end])) text += line;
          const back = read(text, { keepInput: true, piece: 50 });
          expect(back.decoder.fault).toBeUndefined();
          expect(back.decoder.counts).toEqual({
            events: events.length,
            input: 0,
            unknown: 0,
            times: 0,
            sizes: 0,
            characters: 0,
          });
          expect(back.decoder.header).toEqual({
            version,
            size: HEADER.size,
            sizeChanged: false,
            startedAt: HEADER.startedAt,
            term: HEADER.term,
            shell: HEADER.shell,
            title: HEADER.title,
          });
          expect(back.events.length).toBe(events.length + 1);
          for (const [n, event] of [...events, end].entries()) {
            const found = back.events[n]!;
            expect(Math.abs(found.atMs - event.atMs)).toBeLessThan(1e-6);
            expect({ ...found, atMs: 0 }).toEqual({ ...event, atMs: 0 });
          }
        },
      ),
    );
  });
});
