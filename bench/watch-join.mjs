/** Coming to look at a running session: from OPEN to SCREEN, in the server and at the client, for sessions of several kinds. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { fixed, measured, median, quantile, table, verdict } from './lib/figures.mjs';
import { gatewayPeer } from './lib/gateway.mjs';
import { pause, temporaryDirectory } from './lib/processes.mjs';
import { openShell } from './lib/shell.mjs';
import { startSshd } from './lib/target.mjs';

const SESSIONS = 5;
const JOINS = 40; // of each session
const AIM_MS = 10;
const [OPEN, CREDIT, CLOSE, SCREEN] = [0x01, 0x04, 0x05, 0x91];
const timed = fileURLToPath(new URL('lib/timed-watching.mjs', import.meta.url));

/** What has gone on when somebody comes. Each leaves the session as it is then. */
const KINDS = {
  'an idle prompt': async (shell) => shell.send('\n'),
  vim: async (shell, { file }) => {
    shell.send(`stty sane; vim -u NONE -i NONE -n -c 'syntax on' ${file}\n`);
    await pause(500);
  },
  'after 100 MB of yes': async (shell) => {
    shell.send('yes | head -c 100000000; printf DO; printf NE\n');
    await finished(shell);
  },
  'after 20 MB of coloured ls': async (shell, { tree }) => {
    shell.send(
      `for n in $(seq 400); do ls -lR --color=always ${tree}; done | head -c 20000000; printf '\\033[mDO'; printf NE\n`,
    );
    await finished(shell);
  },
  'during yes': async (shell) => {
    shell.send('yes\n');
    await pause(300);
  },
};
async function finished(shell) {
  if (!(await shell.until('DONE', 60_000))) throw new Error(`it never came to its end: ${JSON.stringify(shell.tail)}`);
}

export async function run({ rounds = JOINS, write = false, only } = {}) {
  const directory = temporaryDirectory();
  const target = await startSshd(directory);
  const tree = join(directory, 'tree');
  for (let n = 0; n < 60; n++) {
    mkdirSync(join(tree, `folder-${n}`), { recursive: true });
    for (let m = 0; m < 20; m++) writeFileSync(join(tree, `folder-${n}`, `file-${m}.${m % 3 ? 'txt' : 'tar.gz'}`), '');
  }
  const file = fileURLToPath(new URL('run.mjs', import.meta.url));
  const times = join(directory, 'times');
  writeFileSync(times, '');
  const system = await gatewayPeer(temporaryDirectory(), target, {
    node: ['--import', timed],
    env: { BENCH_WATCH_TIMES: times },
  });
  await measured('Coming to look', `npm run bench -- watch-join --rounds ${rounds}`, write, async () => {
    const rows = [];
    const page = await openWatchPage(system);
    await visit(system, page, KINDS['an idle prompt'], { file, tree }, 3 * rounds, times); // warms up
    const all = [];
    for (const [kind, prepare] of Object.entries(KINDS).filter(([name]) => only === undefined || only.includes(name))) {
      const visits = [];
      for (let n = 0; n < SESSIONS; n++) visits.push(await visit(system, page, prepare, { file, tree }, rounds, times));
      const server = visits.flatMap((one) => one.server);
      const client = visits.flatMap((one) => one.client);
      all.push(...server);
      rows.push({
        'the session': kind,
        joins: client.length,
        'in the server p50 ms': fixed(quantile(server, 0.5), 2),
        'p99 ms': fixed(quantile(server, 0.99), 2),
        'the first of a session, median ms': fixed(median(visits.map((one) => one.server[0])), 2),
        'worst ms': fixed(Math.max(...visits.map((one) => one.server[0])), 2),
        'at the client p50 ms': fixed(quantile(client, 0.5), 2),
        'p99 ms ': fixed(quantile(client, 0.99), 2),
        'KB of screen': fixed(median(visits.map((one) => one.bytes)) / 1024),
      });
    }
    const p99 = quantile(all, 0.99);
    return `${table(rows)}

- In the server, p99 of all: **${fixed(p99, 1)} ms** (aim ${AIM_MS}: ${verdict(p99 <= AIM_MS)}). From OPEN in the process to SCREEN handed to the kernel, the ticket taken, the right asked, the audit row written.`;
  });
}

async function visit(system, page, prepare, places, joins, times) {
  const shell = await openShell(system);
  shell.send('stty opost onlcr\n'); // line ends as terminals have them
  await prepare(shell, places);
  await pause(300);
  const before = lines(times).length;
  const client = [];
  let bytes = 0;
  for (let n = 0; n < joins; n++) {
    const seen = await page.look(shell.sessionId);
    client.push(seen.ms);
    bytes = seen.bytes;
    await pause(20);
  }
  shell.close();
  await system.api('POST', `sessions/${shell.sessionId}/end`, { preset: 'other' }).catch(() => {});
  await pause(300);
  return { client, server: lines(times).slice(before).map(Number), bytes };
}
const lines = (path) => readFileSync(path, 'utf8').split('\n').slice(0, -1);

/** A page that looks once and goes. */
async function openWatchPage({ port, api }) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/watch`, 'sallyport.watch.v1', {
    perMessageDeflate: false,
    headers: { origin: api.origin, cookie: api.cookie },
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let number = 0;
  const frame = (type, payload = Buffer.alloc(0)) => {
    const head = Buffer.from([type, number >>> 8, number & 0xff]);
    socket.send(Buffer.concat([head, payload]));
  };
  let shown = () => {};
  let last = '';
  socket.on('message', (message) => {
    if (message.readUInt16BE(1) !== number) return;
    if (message[0] === SCREEN) shown(message.length);
    if (message[0] > SCREEN || message[0] === 0x88 || message[0] === 0x87)
      last = `; the last word was ${message.subarray(3, 300)}`;
    if (message[0] !== 0x83) return;
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(message.length - 3);
    frame(CREDIT, bytes);
  });
  return {
    async look(sessionId) {
      const { ticket } = await api('POST', `sessions/${sessionId}/watch-tickets`, {});
      number = (number % 60_000) + 1;
      const screen = new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no screen came${last}`)), 20_000);
        shown = (bytes) => {
          clearTimeout(timer);
          resolve(bytes);
        };
      });
      const began = performance.now();
      frame(OPEN, Buffer.from(JSON.stringify({ ticket })));
      const bytes = await screen;
      const ms = performance.now() - began;
      frame(CLOSE);
      return { ms, bytes };
    },
  };
}
