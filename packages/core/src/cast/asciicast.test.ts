import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AsciicastVersion, exportAsciicast } from './asciicast.js';
import type { RecordedEvent } from './recorded-event.js';
import type { RecordingHeader } from './recording-header.js';

const HEADER: RecordingHeader = {
  sessionId: '0123456789abcdefghjkmnpqrs',
  startedAt: 1_504_467_315_999,
  size: { cols: 80, rows: 24 },
  term: 'xterm-256color',
  shell: '/bin/bash',
  title: 'lin > web-01 (root) "quoted" 你好',
  userName: 'lin',
  hostName: 'web-01',
  login: 'root',
};
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));
function outputs(pieces: readonly (Uint8Array | string)[], exitCode?: number): RecordedEvent[] {
  let offset = 0;
  const events = pieces.map((piece, n): RecordedEvent => {
    const bytes = typeof piece === 'string' ? bytesOf(piece) : piece;
    const event = { type: 'output', atMs: n * 100.25, offset, bytes } as const;
    offset += bytes.length;
    return event;
  });
  return [
    ...events,
    { type: 'end', atMs: pieces.length * 100, offset, ...(exitCode === undefined ? {} : { exitCode }) },
  ];
}
async function lines(version: AsciicastVersion, events: readonly RecordedEvent[], header = HEADER): Promise<string> {
  let all = '';
  for await (const line of exportAsciicast(version, header, events)) all += line;
  return all;
}

interface Parsed {
  readonly header: Record<string, unknown>;
  readonly events: { readonly at: number; readonly code: string; readonly data: string }[];
}
/** Strict reading of the published formats: one JSON value a line, header first, 3-tuples, known codes, rising time. */
function parse(text: string): Parsed {
  expect(text.endsWith('\n')).toBe(true);
  const [first, ...rest] = text.slice(0, -1).split('\n');
  const header = JSON.parse(first!) as Record<string, unknown>;
  const v3 = header.version === 3;
  const count = (value: unknown): void => expect(Number.isInteger(value) && (value as number) > 0).toBe(true);
  if (v3) {
    const term = header.term as Record<string, unknown>;
    count(term.cols);
    count(term.rows);
    expect(typeof term.type).toBe('string');
    expect(Object.keys(header).sort()).toEqual(['env', 'term', 'timestamp', 'title', 'version']);
  } else {
    expect(header.version).toBe(2);
    count(header.width);
    count(header.height);
    expect(Object.keys(header).sort()).toEqual(['env', 'height', 'timestamp', 'title', 'version', 'width']);
  }
  count(header.timestamp);
  expect(typeof header.title).toBe('string');
  for (const value of Object.values(header.env as object)) expect(typeof value).toBe('string');
  let at = 0;
  const events = rest.map((line, n) => {
    const tuple = JSON.parse(line) as [number, string, string];
    expect(tuple).toHaveLength(3);
    const [time, code, data] = tuple;
    expect(Number.isFinite(time) && time >= 0).toBe(true);
    expect(v3 || time >= at).toBe(true);
    at = v3 ? at + time : time;
    expect(v3 ? ['o', 'r', 'x'] : ['o', 'r']).toContain(code);
    expect(typeof data).toBe('string');
    if (code === 'r') expect(data).toMatch(/^[1-9]\d*x[1-9]\d*$/);
    if (code === 'x') {
      expect(data).toMatch(/^-?\d+$/);
      expect(n).toBe(rest.length - 1);
    }
    return { at, code, data };
  });
  return { header, events };
}
const textOf = (parsed: Parsed): string => parsed.events.map(({ code, data }) => (code === 'o' ? data : '')).join('');

describe.each([2, 3] as const)('asciicast v%i export', (version) => {
  it('X16: the header has version, size, timestamp, SHELL, TERM and title', async () => {
    const { header } = parse(await lines(version, outputs(['x'])));
    const common = { version, timestamp: 1_504_467_315, title: HEADER.title };
    expect(header).toEqual(
      version === 2
        ? { ...common, width: 80, height: 24, env: { SHELL: '/bin/bash', TERM: 'xterm-256color' } }
        : { ...common, term: { cols: 80, rows: 24, type: 'xterm-256color' }, env: { SHELL: '/bin/bash' } },
    );
  });

  it('W16: a character split at any byte comes out whole', async () => {
    const text = '\ufeffé中🙂\u{10ffff}\ufeff߿𐀀';
    const bytes = bytesOf(text);
    for (let a = 0; a <= bytes.length; a += 1)
      for (let b = a; b <= bytes.length; b += 1) {
        const pieces = [bytes.subarray(0, a), bytes.subarray(a, b), bytes.subarray(b)];
        expect(textOf(parse(await lines(version, outputs(pieces))))).toBe(text);
      }
  });

  it('F16: bytes that are no UTF-8 become U+FFFD, however they are split; a cut character too, at the end', async () => {
    const bad = Uint8Array.of(0x61, 0xff, 0xc3, 0x28, 0xe4, 0xb8, 0x62, 0xed, 0xa0, 0x80, 0xf0, 0x9f);
    const whole = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bad);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bad.length), { maxLength: 5 }), async (cuts) => {
        const at = [0, ...cuts.sort((x, y) => x - y), bad.length];
        const pieces = at.slice(1).map((end, n) => bad.subarray(at[n], end));
        expect(textOf(parse(await lines(version, outputs(pieces))))).toBe(whole);
      }),
    );
    expect(whole.endsWith('�')).toBe(true);
  });

  it('a resize between the bytes of one character does not break it (W16, W17)', async () => {
    const [first, second] = [Uint8Array.of(0xe4, 0xb8), Uint8Array.of(0xad)];
    const events: RecordedEvent[] = [
      { type: 'output', atMs: 1, offset: 0, bytes: first },
      { type: 'resize', atMs: 2, offset: 2, size: { cols: 132, rows: 43 } },
      { type: 'output', atMs: 3, offset: 2, bytes: second },
      { type: 'end', atMs: 4, offset: 3 },
    ];
    expect(parse(await lines(version, events)).events).toEqual([
      { at: 0.002, code: 'r', data: '132x43' },
      { at: 0.003, code: 'o', data: '中' },
    ]);
  });

  it('X20: times are exact to the microsecond and never decrease', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(90_000_000_000), { maxLength: 40 }), async (times) => {
        const sorted = times.sort((a, b) => a - b);
        const events = sorted.map(
          (us, offset): RecordedEvent => ({ type: 'output', atMs: us / 1000, offset, bytes: bytesOf('x') }),
        );
        const text = await lines(version, events);
        const micros = text
          .split('\n')
          .slice(1, -1)
          .map((line) => Number(/^\[(\d+)\.(\d{6}),/.exec(line)!.slice(1).join('')));
        let at = 0;
        expect(
          micros.map((us) => {
            at = version === 3 ? at + us : us;
            return at;
          }),
        ).toEqual(sorted);
        parse(text);
      }),
    );
  });

  it('an unknown shell is an empty string, control characters and quotes are escaped', async () => {
    const { shell: _, ...unknown } = HEADER;
    const parsed = parse(await lines(version, outputs(['\u0000\u001b[31m"\\\r\n\u2028\u007f']), unknown));
    expect(parsed.header.env).toMatchObject({ SHELL: '' });
    expect(textOf(parsed)).toBe('\u0000\u001b[31m"\\\r\n\u2028\u007f');
  });

  it('a recording still being written ends where it stands', async () => {
    const events = outputs(['abc', Uint8Array.of(0xe4)]).slice(0, -1);
    expect(textOf(parse(await lines(version, events)))).toBe('abc�');
  });
});

describe('asciicast', () => {
  it('v3 ends with the exit status when it is known', async () => {
    expect(parse(await lines(3, outputs(['bye'], 130))).events.at(-1)).toMatchObject({ code: 'x', data: '130' });
    expect(parse(await lines(3, outputs(['bye']))).events.at(-1)).toMatchObject({ code: 'o' });
    expect(parse(await lines(2, outputs(['bye'], 0))).events.at(-1)).toMatchObject({ code: 'o' });
  });

  const cli = spawnSync('asciinema', ['--version']).status === 0 && spawnSync('script', ['--version']).status === 0;
  it.skipIf(!cli)('X16: the asciinema command line reads v2 and gives the same bytes back', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'cast-'));
    try {
      const text = '\u001b[1;32m中文\u001b[0m 🙂 café\r\n$ top\r\n\u0007"quoted" \\\r\n';
      const bytes = bytesOf(text);
      const pieces = [...bytes].map((_, n) => bytes.subarray(n, n + 1));
      const resize: RecordedEvent = { type: 'resize', atMs: 0, offset: 0, size: { cols: 100, rows: 50 } };
      const file = join(directory, 'a.cast');
      writeFileSync(file, await lines(2, [resize, ...outputs(pieces, 0)]));
      const env = { ...process.env, LC_ALL: 'C.UTF-8', LANG: 'C.UTF-8', ASCIINEMA_CONFIG_HOME: directory };
      // It wants a controlling terminal: script(1) gives it one.
      const command = `asciinema cat ${file} > ${directory}/out 2> ${directory}/err`;
      const { status } = spawnSync('script', ['-qec', command, '/dev/null'], { env, stdio: 'ignore' });
      expect(readFileSync(`${directory}/err`, 'utf8')).toBe('');
      expect(status).toBe(0);
      expect(readFileSync(`${directory}/out`, 'utf8')).toBe(text);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
