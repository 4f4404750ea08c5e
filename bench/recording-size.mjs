/**
 * What an hour of typical work weighs: real programs on a real terminal at the pace of a person, recorded by our store
 * and, from the same bytes at the same times, as asciicast v2 and as ttyrec (what `script` and ttyrec keep: raw bytes
 * and their times). The rivals' files are packed by gzip at the end, which they do not do by themselves while recording.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { createLocalPtyConnector } from '../packages/server/dist/edges/egress/local-pty/create-local-pty-connector.js';
import { createDiskRecordingStore } from '../packages/server/dist/edges/storage/disk/disk-recording-store.js';
import { fixed, measured, table } from './lib/figures.mjs';
import { pause, temporaryDirectory } from './lib/processes.mjs';

const SIZE = { cols: 120, rows: 36 };
const KEY_MS = 140;
const clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(ms, call) {
    const timer = setTimeout(call, ms);
    return () => clearTimeout(timer);
  },
};

async function typed(shell, text) {
  for (const key of text) {
    shell.write(Buffer.from(key));
    await pause(KEY_MS);
  }
}

/** Each plays until `over()` on a `shell` with `write`. The shares are what an hour of an operator is taken to be made of. */
export const WORK = {
  shell: {
    share: 0.4,
    async play(shell, over) {
      const commands = [
        'ls -la --color=always /etc | head -60',
        'cd /var/log; ls',
        'ps aux | head -30',
        'df -h; free -m',
      ];
      commands.push(
        'grep -rn --color=always root /etc/passwd /etc/group',
        'cat /etc/services | head -80',
        'uptime; who; id',
      );
      for (let n = 0; !over(); n += 1) {
        await typed(shell, `${commands[n % commands.length]}\r`);
        await pause(3_000); // it is read
      }
    },
  },
  vim: {
    share: 0.25,
    async play(shell, over, directory) {
      const file = join(directory, 'program.c');
      writeFileSync(
        file,
        Array.from(
          { length: 900 },
          (_, n) => `static int step_${n}(int value) { /* ${n} */ return value * ${n % 7}; }`,
        ).join('\n'),
      );
      await typed(shell, `vim -u NONE -c 'syntax on' -c 'set ruler showcmd' ${file}\r`);
      for (let n = 0; !over(); n += 1) {
        await typed(shell, n % 3 === 0 ? '\u0004' : n % 3 === 1 ? 'jjjjw' : 'oint another = 1; // 说明\u001b');
        await pause(900);
      }
      await typed(shell, '\u001b:q!\r');
    },
  },
  top: {
    share: 0.15,
    async play(shell, over) {
      await typed(shell, 'top\r');
      while (!over()) await pause(500);
      await typed(shell, 'q');
    },
  },
  'tail -f': {
    share: 0.2,
    async play(shell, over, directory) {
      const file = join(directory, 'service.log');
      writeFileSync(file, '');
      await typed(shell, `tail -f ${file}\r`);
      for (let n = 0; !over(); n += 1) {
        const id = (Math.imul(n, 2_654_435_761) >>> 0).toString(16);
        appendFileSync(
          file,
          `\u001b[2m${new Date().toISOString()}\u001b[0m \u001b[32mINFO\u001b[0m GET /api/v1/items/${id} 200 in ${n % 97} ms\n`,
        );
        await pause(250);
      }
      await typed(shell, '\u0003');
    },
  },
};

async function playOne(name, number, seconds) {
  const directory = join(temporaryDirectory(), name.replaceAll(' ', ''));
  await mkdir(directory);
  const store = createDiskRecordingStore({ directory: join(directory, 'recordings'), clock });
  const sessionId = String(number).padStart(26, '0');
  const names = { term: 'xterm-256color', title: '', userName: 'lin', hostName: 'web-01', login: 'root' };
  const writer = await store.create({ sessionId, startedAt: Date.now(), size: SIZE, ...names });
  const connector = createLocalPtyConnector({ shell: '/bin/bash', args: ['--norc', '-i'] });
  const opened = await connector.connect({
    target: { hostName: 'local', address: 'local', port: 22, legacyAlgorithms: false },
    login: 'x',
    secret: { kind: 'password', password: '' },
    size: SIZE,
    signal: new AbortController().signal,
    verifyHostKey: async () => undefined,
    onStep() {},
  });
  if (!opened.ok) throw new Error(`no terminal: ${JSON.stringify(opened.problem)}`);
  const shell = opened.value;
  const started = performance.now();
  const cast = [
    `${JSON.stringify({ version: 2, width: SIZE.cols, height: SIZE.rows, timestamp: 0, env: { TERM: 'xterm-256color' } })}\n`,
  ];
  const ttyrec = [];
  const decoder = new TextDecoder();
  let raw = 0;
  shell.start({
    onOutput(bytes) {
      const at = performance.now() - started;
      writer.output(at, bytes);
      raw += bytes.length;
      cast.push(`${JSON.stringify([Number((at / 1000).toFixed(6)), 'o', decoder.decode(bytes, { stream: true })])}\n`);
      const head = Buffer.alloc(12);
      head.writeUInt32LE(Math.floor(at / 1000), 0);
      head.writeUInt32LE(Math.floor((at % 1000) * 1000), 4);
      head.writeUInt32LE(bytes.length, 8);
      ttyrec.push(head, Buffer.from(bytes));
    },
    onDrain() {},
    onEnd() {},
  });
  await WORK[name].play(shell, () => performance.now() - started > seconds * 1000, directory);
  const ms = performance.now() - started;
  shell.close();
  await writer.seal(ms);
  const { sizeBytes } = await store.describe(sessionId);
  const castBytes = Buffer.from(cast.join(''));
  const ttyrecBytes = Buffer.concat(ttyrec);
  const perHour = (bytes) => ((bytes / 1e6) * 3_600_000) / ms;
  return {
    ours: perHour(sizeBytes),
    raw: perHour(raw),
    cast: perHour(castBytes.length),
    castGz: perHour(gzipSync(castBytes).length),
    ttyrec: perHour(ttyrecBytes.length),
    ttyrecGz: perHour(gzipSync(ttyrecBytes).length),
  };
}

/** `rounds`: minutes; the kinds of work are played side by side. */
export async function run({ rounds = 1, write = false } = {}) {
  execFileSync('vim', ['--version'], { stdio: 'ignore' });
  await measured('An hour of typical work', `npm run bench -- recording-size --rounds ${rounds}`, write, async () => {
    const names = Object.keys(WORK);
    const played = await Promise.all(names.map((name, n) => playOne(name, n, rounds * 60)));
    const mix = {};
    for (const key of Object.keys(played[0]))
      mix[key] = names.reduce((sum, name, n) => sum + WORK[name].share * played[n][key], 0);
    const row = (work, of) => ({
      'MB an hour of': work,
      output: fixed(of.raw, 2),
      'Sallyport, synced and hash-chained': fixed(of.ours, 2),
      'asciicast v2': fixed(of.cast, 2),
      'the same, gzip afterwards': fixed(of.castGz, 2),
      'ttyrec, script': fixed(of.ttyrec, 2),
      'the same, gzip afterwards ': fixed(of.ttyrecGz, 2),
    });
    const share = (name) => `${WORK[name].share * 100} % ${name}`;
    return `${table([...names.map((name, n) => row(name, played[n])), row(`a mix: ${names.map(share).join(', ')}`, mix)])}

- A mixed hour costs **${fixed(mix.ours, 2)} MB**; ${fixed(mix.cast / mix.ours)}x that as asciicast v2. A hundred people at work for eight hours: ${fixed((mix.ours * 800) / 1000, 1)} GB a day.`;
  });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await run();
