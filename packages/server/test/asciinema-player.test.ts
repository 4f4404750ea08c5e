/** X16, W16, W17: what we export plays in asciinema's own player and ends with the screen that our emulator shows. */

import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { exportAsciicast } from '@sallyport/core/cast/asciicast.js';
import { AsciicastDecoder } from '@sallyport/core/cast/asciicast-import.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createHeadlessEmulator } from '../src/edges/screen/headless-emulator.js';
import { newHeader } from '../src/gateway/ports/recording-store.contract.js';

const require = createRequire(import.meta.url);
const bundle = join(dirname(require.resolve('asciinema-player')), 'bundle');
const PAGE =
  '<!doctype html><link rel="stylesheet" href="player.css"><div id="at"></div><script src="player.js"></script>';
let server: Server;
let browser: Browser;
let url: string;
beforeAll(async () => {
  server = createServer((request, answer) => {
    const file = { '/player.js': 'asciinema-player.min.js', '/player.css': 'asciinema-player.css' }[request.url ?? ''];
    answer.setHeader('content-type', file?.endsWith('js') ? 'text/javascript' : file ? 'text/css' : 'text/html');
    answer.end(file ? readFileSync(join(bundle, file)) : PAGE);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox'],
  });
});
afterAll(async () => {
  await browser?.close();
  server?.close();
});

/** The rows of the player's screen at its end. */
async function played(cast: string): Promise<string[]> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.goto(url);
  const rows = await page.evaluate(async (data) => {
    const { AsciinemaPlayer } = window as unknown as {
      AsciinemaPlayer: {
        create(
          source: { data: string },
          at: Element | null,
          options: object,
        ): { play(): void; addEventListener(name: string, call: () => void): void };
      };
    };
    const options = { speed: 50, idleTimeLimit: 0.1, controls: false, preload: true };
    const player = AsciinemaPlayer.create({ data }, document.querySelector('#at'), options);
    await new Promise<void>((done) => {
      player.addEventListener('ended', done);
      player.play();
    });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    return [...document.querySelectorAll('.ap-line')].map((line) => line.textContent ?? '');
  }, cast);
  expect(errors.filter((error) => !error.includes('favicon'))).toEqual([]);
  await page.close();
  return trimmed(rows);
}
function trimmed(rows: readonly string[]): string[] {
  const all = rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd());
  while (all.at(-1) === '') all.pop();
  return all;
}
function drawn(size: { cols: number; rows: number }, events: readonly RecordedEvent[]): string[] {
  const emulator = createHeadlessEmulator(size);
  for (const event of events) {
    if (event.type === 'output') emulator.write(event.bytes);
    else if (event.type === 'resize') emulator.resize(event.size);
  }
  const { alternateShown, alternate, normal } = emulator.view();
  const { rows } = alternateShown ? alternate : normal;
  return trimmed(rows.map(({ cells }) => cells.map(({ text, width }) => (width === 0 ? '' : text || ' ')).join('')));
}

const v1 = (...stdout: [number, string][]): string =>
  JSON.stringify({ stdout, version: 1, width: 40, height: 8 }, undefined, 1);
const v2 = (...events: [number, string, string][]): string =>
  [{ version: 2, width: 40, height: 8 }, ...events].map((line) => `${JSON.stringify(line)}\n`).join('');
const v3 = (...events: [number, string, string][]): string =>
  [
    '{"version":3,"term":{"cols":40,"rows":8,"type":"xterm"}}\n# a comment\n',
    ...events.map((e) => `${JSON.stringify(e)}\n`),
  ].join('');

/** Small ones, each with what recordings of the wild have in them. */
const FILES: readonly (readonly [string, string])[] = [
  ['frames that clear the screen (v1)', v1([0.5, '\u001b[2J\u001b[1;1Hframe 0'], [0.5, '\u001b[2J\u001b[1;1Hframe 1'])],
  ['colours, wide characters, wrapping', v2([0.1, 'o', '\u001b[1;32m中文\u001b[0m é\r\n'], [0.2, 'o', 'x'.repeat(45)])],
  [
    'a progress bar and scrolling',
    v2(
      ...Array.from({ length: 20 }, (_, n): [number, string, string] => [n / 10, 'o', `\r${n}%${n % 2 ? '\r\n' : ''}`]),
    ),
  ],
  [
    'a full-screen program that was left',
    v2([1, 'o', '$ vim\r\n\u001b[?1049h\u001b[2J\u001b[Hbuffer'], [2, 'o', '\u001b[?1049l$ ']),
  ],
  [
    'one still open, with a scroll region',
    v2([1, 'o', '\u001b[?1049h\u001b[2;5r\u001b[5;1Ha\nb\nc\u001b[r\u001b[1;1Htop']),
  ],
  ['markers and input', v2([0.1, 'o', 'a\r\n'], [0.2, 'm', 'first'], [0.3, 'i', 'q'], [0.4, 'o', 'b'])],
  [
    'resizes and an exit status (v3)',
    v3([0.5, 'o', 'hello '], [0.1, 'r', '60x10'], [0.1, 'o', 'w'.repeat(50)], [0.1, 'x', '3']),
  ],
];

for (const [name, file] of FILES) {
  test.each([2, 3] as const)(`${name}: imported, exported as v%i, played`, async (version) => {
    const decoder = new AsciicastDecoder();
    const events = [...decoder.push(Buffer.from(file)), ...decoder.finish()];
    expect(decoder.fault).toBeUndefined();
    const size = decoder.header!.size;
    let cast = '';
    for await (const line of exportAsciicast(version, newHeader({ size }), events)) cast += line;
    const ours = drawn(size, events);
    expect(ours.join('')).not.toBe('');
    expect(await played(cast)).toEqual(ours);
  });
}
