/**
 * What recording costs while people work: 1, 100 and 500 sessions, each typing and seeing 200 bytes twice a second, on the
 * gateway with and without its recording store. Every one of those outputs is hashed, written within 50 ms and synced.
 */
import { fileURLToPath } from 'node:url';
import { fixed, measured, median, quantile, table, verdict } from './lib/figures.mjs';
import { openPage, startGateway } from './lib/gateway.mjs';
import { cpuSeconds, pause, temporaryDirectory } from './lib/processes.mjs';
import { startEchoTarget, startSshd } from './lib/target.mjs';

const STEPS = [1, 100, 500];
const OUTPUT_BYTES = 200;
const EVERY_MS = 500;
const WINDOW_MS = 8_000;
const TERMINALS_PER_PAGE = 32;
const AIM = 1.2;
const withoutRecording = fileURLToPath(new URL('lib/no-recording.mjs', import.meta.url));

export async function run({ rounds = 3, sessions = STEPS.at(-1), write = false } = {}) {
  const directory = temporaryDirectory();
  const sshd = await startSshd(directory); // only for its key files
  const echo = { ...(await startEchoTarget()), keyFile: sshd.keyFile, privateKey: sshd.privateKey };
  const systems = [];
  for (const options of [
    { name: 'Sallyport, recorded' },
    { name: 'Sallyport without its recording store', node: ['--import', withoutRecording] },
  ]) {
    const gateway = await startGateway(temporaryDirectory(), options);
    systems.push({ gateway, place: await gateway.addHost(echo), open: [], runs: new Map() });
  }
  await measured(
    'Recording sessions at work',
    `npm run bench -- recording-sessions --rounds ${rounds}`,
    write,
    async () => {
      const steps = STEPS.filter((step) => step <= sessions);
      for (const step of steps) {
        for (const system of systems) await grow(system, step);
        for (let round = -1; round < rounds; round++) {
          for (const system of round % 2 === 0 ? systems : [...systems].reverse()) {
            const one = await work(system);
            if (round < 0) continue; // warms up
            const runs = system.runs.get(step) ?? [];
            system.runs.set(step, [...runs, one]);
          }
        }
      }
      const of = (system, step, key) => median(system.runs.get(step).map((one) => one[key]));
      const rows = steps.flatMap((step) =>
        systems.map((system) => ({
          sessions: step,
          system: system.gateway.name,
          'CPU, % of a core': fixed(of(system, step, 'cpu') * 100),
          'CPU us per output': fixed(of(system, step, 'perOutput'), 0),
          'echo p50 ms': fixed(of(system, step, 'p50'), 2),
          'p99 ms': fixed(of(system, step, 'p99'), 1),
        })),
      );
      const ratios = steps.map((step) => of(systems[0], step, 'cpu') / of(systems[1], step, 'cpu'));
      return `${table(rows)}

- CPU recorded, of the same sessions unrecorded: ${steps.map((step, n) => `**${fixed(ratios[n], 2)}** at ${step}`).join(', ')} (aim at most ${AIM}: ${verdict(ratios.at(-1) <= AIM)} at ${steps.at(-1)}).
- A synced write follows each output by at most 250 ms; it is handed to the kernel within 50 ms.`;
    },
  );
}

async function grow(system, count) {
  while (system.open.length < count) {
    const at = system.open.length;
    if (at % TERMINALS_PER_PAGE === 0) system.page = await openPage(system.gateway);
    const session = { sentAt: 0, due: 0, trips: [] };
    let greeted;
    const greeting = new Promise((resolve) => {
      greeted = resolve;
    });
    session.send = await system.page.open(system.place, (bytes) => {
      greeted();
      if (session.due === 0) return;
      session.due -= bytes.length;
      if (session.due <= 0) session.trips.push(performance.now() - session.sentAt);
    });
    await greeting;
    system.open.push(session);
  }
  await pause(1_000);
}

/** Every session types once per EVERY_MS, spread evenly. */
async function work({ gateway, open }) {
  const line = 'x'.repeat(OUTPUT_BYTES);
  for (const session of open) session.trips = [];
  const cpu = cpuSeconds(gateway.pids);
  const started = performance.now();
  let next = 0;
  const total = Math.floor((WINDOW_MS / EVERY_MS) * open.length);
  while (next < total) {
    const due = Math.min(total, Math.floor(((performance.now() - started) / EVERY_MS) * open.length) + 1);
    for (; next < due; next++) {
      const session = open[next % open.length];
      session.due = OUTPUT_BYTES;
      session.sentAt = performance.now();
      session.send(line);
    }
    await pause(1);
  }
  await pause(1_000); // the last echoes, writes and syncs
  const seconds = cpuSeconds(gateway.pids) - cpu;
  const trips = open.flatMap((session) => session.trips);
  return {
    cpu: seconds / ((performance.now() - started) / 1000),
    perOutput: (seconds * 1e6) / Math.max(1, trips.length),
    p50: quantile(trips, 0.5),
    p99: quantile(trips, 0.99),
  };
}
