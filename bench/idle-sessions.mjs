/** (c) Memory per idle session: resident memory of the gateway with 20 and with 500 sessions, beside the naive relay. */
import { fixed, measured, table, verdict } from './lib/figures.mjs';
import { openMany, startGateway } from './lib/gateway.mjs';
import { naiveRelay } from './lib/peers.mjs';
import { cpuSeconds, pause, residentKiB, temporaryDirectory } from './lib/processes.mjs';
import { startEchoTarget, startSshd } from './lib/target.mjs';

const BASE = 20;
const SETTLE_MS = 45_000; // the collector returns memory when nothing happens
const AIM_KIB = 100;
const AT_ONCE = 8;

export async function run({ sessions = 500, write = false } = {}) {
  const directory = temporaryDirectory();
  const sshd = await startSshd(directory); // only for its key files
  const echo = { ...(await startEchoTarget()), keyFile: sshd.keyFile, privateKey: sshd.privateKey };
  await measured(
    'Memory per idle session',
    `npm run bench -- idle-sessions --sessions ${sessions}`,
    write,
    async () => {
      const gateway = await startGateway(temporaryDirectory());
      const place = await gateway.addHost(echo);
      const product = await grow(gateway, sessions, (count, opened) => openMany(gateway, place, count, opened));
      const relay = await naiveRelay(echo, 'none', directory);
      const naive = await grow(relay, sessions, async (count, opened) => {
        for (let index = 0; index < count; index += AT_ONCE) {
          const some = Math.min(AT_ONCE, count - index);
          let answered = 0;
          for (let one = 0; one < some; one++) {
            await relay.open(() => {
              answered++;
              opened();
            });
          }
          await quiet(() => answered >= some); // it has no answer of its own that says the shell is there
        }
      });
      const row = ({ name }, { base, full, perSession, idleCpu, setUpMs }) => ({
        system: name,
        [`RSS at ${BASE}, MB`]: fixed(base / 1024),
        [`RSS at ${sessions}, MB`]: fixed(full / 1024),
        'KB per session': fixed(perSession, 0),
        'idle CPU, % of a core': fixed(idleCpu * 100),
        'CPU ms per set-up': fixed(setUpMs),
      });
      return `${table([row(gateway, product), row(relay, naive)])}

- Per idle session: **${fixed(product.perSession, 0)} KB** (aim under ${AIM_KIB}: ${verdict(product.perSession < AIM_KIB)}).
- Sessions are shells on an echo server; each got its first output. Resident memory is the lowest seen in ${SETTLE_MS / 1000} s without traffic.`;
    },
  );
}

async function grow(system, sessions, open) {
  let first = 0;
  await open(BASE, () => first++);
  await quiet(() => first >= BASE);
  const base = await settled(system);
  const cpu = cpuSeconds(system.pids);
  let more = 0;
  await open(sessions - BASE, () => more++);
  await quiet(() => more >= sessions - BASE);
  const setUpMs = ((cpuSeconds(system.pids) - cpu) * 1000) / (sessions - BASE);
  const idle = cpuSeconds(system.pids);
  const full = await settled(system);
  const idleCpu = (cpuSeconds(system.pids) - idle) / (SETTLE_MS / 1000);
  return { base, full, perSession: (full - base) / (sessions - BASE), idleCpu, setUpMs };
}

async function quiet(done) {
  const until = performance.now() + 120_000;
  while (!done()) {
    if (performance.now() > until) throw new Error('not every session got its first output');
    await pause(50);
  }
}

async function settled(system) {
  let lowest = Number.POSITIVE_INFINITY;
  const until = performance.now() + SETTLE_MS;
  while (performance.now() < until) {
    lowest = Math.min(lowest, residentKiB(system.pids));
    await pause(500);
  }
  return lowest;
}
