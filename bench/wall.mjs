/**
 * The live wall: 24 sessions that redraw their screens 50 times a second, in sight of one who looks at them all, among 200
 * that are listed. What is measured is what the looking adds: the same sessions, in turns with and without the viewer.
 */
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { fixed, measured, median, table, verdict } from './lib/figures.mjs';
import { openMany, openPage, startGateway } from './lib/gateway.mjs';
import { cpuSeconds, pause, temporaryDirectory } from './lib/processes.mjs';
import { startEchoTarget, startSshd } from './lib/target.mjs';

const BUSY = 24;
const FRAMES_PER_SECOND = 50;
const LISTED = 200;
const WINDOW_MS = 8_000;
const SETTLE_MS = 3_000;
const LIST_EVERY_MS = 2_000; // as the page does
const AIM = 0.25;
const TILES = 0x10;
const TILE = 0x93;
const redraw = fileURLToPath(new URL('lib/redraw.pl', import.meta.url));

export async function run({ rounds = 5, sessions = LISTED, write = false } = {}) {
  const sshd = await startSshd(temporaryDirectory());
  const echo = { ...(await startEchoTarget()), privateKey: sshd.privateKey };
  const gateway = await startGateway(temporaryDirectory());
  const place = await gateway.addHost(sshd);
  const quiet = await openMany(gateway, await gateway.addHost(echo, { name: 'quiet' }), sessions - BUSY, () => {});
  const page = await openPage(gateway);
  const ids = [];
  let printed = 0;
  const seconds = Math.ceil(((rounds + 1) * 2 * (WINDOW_MS + SETTLE_MS + 6_000)) / 1000) + 60;
  for (let n = 0; n < BUSY; n++) {
    const { sessionId, send } = await page.openSession(place, (bytes) => {
      printed += bytes.length;
    });
    ids.push(sessionId);
    send(`clear; exec perl ${redraw} ${FRAMES_PER_SECOND} ${seconds}\n`);
  }
  await measured('The live wall', `npm run bench -- wall --rounds ${rounds}`, write, async () => {
    await pause(SETTLE_MS);
    const runs = { 'nobody looks': [], 'the list alone': [], 'the list and 24 tiles': [] };
    for (let round = -1; round < rounds; round++) {
      for (const kind of Object.keys(runs)) {
        const viewer = kind === 'nobody looks' ? undefined : await look(gateway, kind === 'the list alone' ? [] : ids);
        await pause(SETTLE_MS);
        const before = { cpu: cpuSeconds(gateway.pids), tiles: viewer?.tiles ?? 0, printed };
        const began = performance.now();
        await pause(WINDOW_MS);
        const past = (performance.now() - began) / 1000;
        const one = {
          cpu: (cpuSeconds(gateway.pids) - before.cpu) / past,
          tiles: ((viewer?.tiles ?? 0) - before.tiles) / past,
          mb: (printed - before.printed) / 1e6 / past,
        };
        viewer?.close();
        await pause(500);
        if (round >= 0) runs[kind].push(one);
      }
    }
    quiet.close();
    const of = (kind, key) => median(runs[kind].map((one) => one[key]));
    const rows = Object.keys(runs).map((kind) => ({
      viewer: kind,
      'CPU, % of a core': fixed(of(kind, 'cpu') * 100),
      'sessions print, MB/s': fixed(of(kind, 'mb'), 2),
      'pictures a second': fixed(of(kind, 'tiles')),
    }));
    const more = median(runs['nobody looks'].map(({ cpu }, n) => runs['the list and 24 tiles'][n].cpu - cpu));
    const asked = median(runs['nobody looks'].map(({ cpu }, n) => runs['the list alone'][n].cpu - cpu));
    return `${table(rows)}

- For the viewer: **${fixed(more * 100)} %** of a core (aim ${AIM * 100}: ${verdict(more <= AIM)}), of which ${fixed(asked * 100)} for the list of ${sessions} sessions, asked every ${LIST_EVERY_MS / 1000} s.`;
  });
}

async function look({ port, api }, sessionIds) {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/watch`, 'sallyport.watch.v1', {
    perMessageDeflate: false,
    headers: { origin: api.origin, cookie: api.cookie },
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const viewer = { tiles: 0, close: () => {} };
  socket.on('message', (message) => {
    if (message[0] === TILE) viewer.tiles += 1;
  });
  const head = Buffer.from([TILES, 0, 0]);
  socket.send(Buffer.concat([head, Buffer.from(JSON.stringify({ sessionIds }))]));
  const list = setInterval(() => void api('GET', 'sessions?state=open&sort=-createdAt&limit=500'), LIST_EVERY_MS);
  viewer.close = () => {
    clearInterval(list);
    socket.terminate();
  };
  return viewer;
}
