/** What a watcher costs: CPU of the gateway per MB delivered, of a session that prints 1 MB/s. Watchers are other processes. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fixed, measured, median, table, verdict } from './lib/figures.mjs';
import { gatewayPeer } from './lib/gateway.mjs';
import { naiveRelay } from './lib/peers.mjs';
import { cpuSeconds, pause, temporaryDirectory } from './lib/processes.mjs';
import { openShell } from './lib/shell.mjs';
import { startSshd, writeLogText } from './lib/target.mjs';
import { watchWith } from './lib/watchers.mjs';

const STEPS = [0, 1, 10, 100, 1000];
const RATE = 1_000_000;
const SETTLE_MS = 2_000;
const WINDOW_MS = 8_000;
const AIM = 0.5;
const printer = fileURLToPath(new URL('lib/print-at-rate.pl', import.meta.url));

export async function run({ rounds = 2, write = false, only, sessions = STEPS.at(-1) } = {}) {
  const directory = temporaryDirectory();
  const target = await startSshd(directory);
  const text = writeLogText(join(directory, 'text.log'), 4);
  const makers = {
    product: () => gatewayPeer(temporaryDirectory(), target),
    naive: () => naiveRelay(target, 'none', directory),
  };
  const systems = [];
  for (const [key, make] of Object.entries(makers)) {
    if (only === undefined || only.includes(key)) systems.push({ key, ...(await make()), runs: new Map() });
  }
  const steps = STEPS.filter((step) => step <= sessions);
  await measured('Fan-out to watchers', `npm run bench -- watch-fanout --rounds ${rounds}`, write, async () => {
    for (let round = 0; round < rounds; round++) {
      for (const step of steps) {
        for (const system of round % 2 === 0 ? systems : [...systems].reverse()) {
          system.runs.set(step, [...(system.runs.get(step) ?? []), await once(system, step, text)]);
        }
      }
    }
    const of = (system, step, key) => median(system.runs.get(step).map((one) => one[key]));
    const rows = systems.flatMap((system) =>
      steps.map((step) => ({
        system: system.name,
        watchers: step,
        'delivered to each, MB/s': step === 0 ? '-' : fixed(of(system, step, 'each'), 2),
        'CPU, % of a core': fixed(of(system, step, 'cpu') * 100, 0),
        'CPU ms per delivered MB': step === 0 ? '-' : fixed(of(system, step, 'perMb'), 2),
        'beyond the session itself': step === 0 ? '-' : fixed(of(system, step, 'perMb') - beyond(of, system, step), 2),
        'operator, MB/s': fixed(of(system, step, 'owner'), 2),
      })),
    );
    const last = steps.at(-1);
    const ours = systems.find(({ key }) => key === 'product');
    const naive = systems.find(({ key }) => key === 'naive');
    const figure = ours ? of(ours, last, 'perMb') : Number.NaN;
    const ratio = ours && naive ? figure / of(naive, last, 'perMb') : Number.NaN;
    return `${table(rows)}

- At ${last} watchers: **${fixed(figure, 2)} ms** of CPU per delivered MB (aim ${AIM}: ${verdict(figure <= AIM)}); **${fixed(ratio, 2)}** of naive fan-out.`;
  });
}

/** CPU of the session without watchers, spread over what was delivered. */
const beyond = (of, system, step) => (of(system, 0, 'cpu') * 1000) / Math.max(0.001, of(system, step, 'each') * step);

async function once(system, count, text) {
  const shell = await openShell(system);
  const watching = count > 0 ? await watchWith(system, shell.sessionId, count) : undefined;
  shell.send(`perl ${printer} ${text} ${RATE} ${(SETTLE_MS + WINDOW_MS) / 1000 + 3}\n`);
  await pause(SETTLE_MS);
  const before = (await watching?.count())?.bytes ?? 0;
  const owner = shell.bytes;
  const cpu = cpuSeconds(system.pids);
  const started = performance.now();
  await pause(WINDOW_MS);
  const used = cpuSeconds(system.pids) - cpu;
  const seconds = (performance.now() - started) / 1000;
  const delivered = (((await watching?.count())?.bytes ?? 0) - before) / 1e6;
  const answer = {
    cpu: used / seconds,
    each: delivered / seconds / count,
    perMb: (used * 1000) / delivered,
    owner: (shell.bytes - owner) / 1e6 / seconds,
  };
  shell.close();
  await watching?.close();
  await pause(1_000);
  return answer;
}
