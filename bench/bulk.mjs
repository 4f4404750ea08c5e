/** (a) Bulk through the web terminal: CPU seconds per GB of coloured log text, whole process tree of each system. */
import { join } from 'node:path';
import { fixed, measured, median, table, verdict } from './lib/figures.mjs';
import { gatewayPeer } from './lib/gateway.mjs';
import { channels, naiveRelay, wetty } from './lib/peers.mjs';
import { pause, temporaryDirectory } from './lib/processes.mjs';
import { openShell, pour } from './lib/shell.mjs';
import { startSshd, writeLogText } from './lib/target.mjs';

/** Half a GB: less, and what a session costs once (8 MB compressed at once) is counted as if it went on. */
const FAST = { blocks: 1536, times: 5 };
const WETTY = { blocks: 320, times: 1 }; // 20 MiB: it needs 40 s of CPU for a GB
const SLOW = { blocks: 64, times: 1 }; // 4 MiB: the reference would not finish more
const SLOW_ROUNDS = 3;

export async function run({ rounds = 7, write = false, only } = {}) {
  const directory = temporaryDirectory();
  const target = await startSshd(directory);
  const text = writeLogText(join(directory, 'text.log'), 100);
  const makers = {
    product: () => gatewayPeer(temporaryDirectory(), target),
    naive: () => naiveRelay(target, 'none', directory),
    raw: () => naiveRelay(target, 'raw', directory),
    wetty: () => wetty(target),
    channels: () => channels(target),
  };
  const systems = [];
  for (const [key, make] of Object.entries(makers)) {
    if (only === undefined || only.includes(key)) systems.push({ key, ...(await make()), runs: [] });
  }
  const amountOf = ({ key, slow }) => (slow ? SLOW : key === 'wetty' ? WETTY : FAST);
  const poured = (system, shell) => {
    const { blocks, times } = amountOf(system);
    return pour(system, shell, text, blocks, { times });
  };
  await measured('Bulk through the web terminal', `npm run bench -- bulk --rounds ${rounds}`, write, async () => {
    // A gateway runs for weeks: the compiler is given time before anything is counted.
    for (const system of systems.filter(({ missing }) => !missing)) {
      const shell = await openShell(system);
      await poured(system, shell);
      shell.close();
    }
    for (let round = 0; round < rounds; round++) {
      for (const system of systems.filter(({ missing, slow }) => !missing && !(slow && round >= SLOW_ROUNDS))) {
        const shell = await openShell(system);
        system.runs.push(await poured(system, shell));
        shell.close();
        await pause(300);
      }
    }
    return summary(systems);
  });
}

function summary(systems) {
  const cost = (key) =>
    median(systems.find((system) => system.key === key)?.runs.map(({ cpuPerGb }) => cpuPerGb) ?? []);
  const naive = cost('naive');
  const rows = systems.map(({ name, missing, runs }) => ({
    system: name,
    'CPU s/GB': missing ? `missing: ${missing}` : fixed(median(runs.map(({ cpuPerGb }) => cpuPerGb))),
    'of naive': fixed(median(runs.map(({ cpuPerGb }) => cpuPerGb)) / naive, 2),
    'best round': fixed(Math.min(...runs.map(({ cpuPerGb }) => cpuPerGb))),
    'MB/s': fixed(median(runs.map(({ mbPerS }) => mbPerS))),
    'arrived whole': missing ? '-' : `${runs.filter(({ whole }) => whole).length} of ${runs.length}`,
  }));
  const ofNaive = cost('product') / naive;
  const ofWetty = cost('wetty') / cost('product');
  const said = (value) => (Number.isFinite(value) ? value : undefined);
  return `${table(rows)}

- Recorded, of the naive unrecorded relay's CPU: **${fixed(ofNaive, 2)}** (aim at most 1.15: ${verdict(said(ofNaive) && ofNaive <= 1.15)}).
- wetty's CPU, of ours: **${fixed(ofWetty, 1)}** (aim at least 3: ${verdict(said(ofWetty) && ofWetty >= 3)}).
- The reference's CPU, of ours: **${fixed(cost('channels') / cost('product'), 0)}**.`;
}
