/**
 * What watchers cost the one who works: bulk through the operator's terminal, byte for byte, and the round trip of a key,
 * with none to a hundred watchers, one of whom has stopped reading.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixed, measured, median, quantile, table, verdict } from './lib/figures.mjs';
import { gatewayPeer } from './lib/gateway.mjs';
import { channels, naiveRelay } from './lib/peers.mjs';
import { pause, temporaryDirectory } from './lib/processes.mjs';
import { keys, openShell, pour, typeKeys } from './lib/shell.mjs';
import { startSshd, writeLogText } from './lib/target.mjs';
import { watchWith } from './lib/watchers.mjs';

const STEPS = [0, 1, 20, 100];
const SLOW_STEPS = [0, 1, 20]; // the reference would not finish with 100
const BLOCKS = 512; // 32 MiB
const SLOW_BLOCKS = 32; // 2 MiB
const KEYS = 300;
const BURST_KEYS = 1000;
const TYPING_GAP_MS = 15;
const WARM_TURNS = 8;
const AIM_MS = 2;

export async function run({ rounds = 3, write = false, only } = {}) {
  const directory = temporaryDirectory();
  const target = await startSshd(directory);
  const text = writeLogText(join(directory, 'text.log'), BLOCKS / 16);
  const makers = {
    product: () => gatewayPeer(temporaryDirectory(), target),
    naive: () => naiveRelay(target, 'none', directory),
    channels: () => channels(target),
  };
  const systems = [];
  for (const [key, make] of Object.entries(makers)) {
    if (only === undefined || only.includes(key)) systems.push({ key, ...(await make()), runs: new Map() });
  }
  const there = systems.filter(({ missing }) => !missing);
  await measured('The operator, watched', `npm run bench -- watch-owner --rounds ${rounds}`, write, async () => {
    for (const system of there) {
      for (let turn = 0; turn < (system.slow ? 1 : WARM_TURNS); turn++) {
        const shell = await openShell(system);
        await pour(system, shell, text, system.slow ? SLOW_BLOCKS : BLOCKS);
        shell.close();
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const watchers of round % 2 === 0 ? STEPS : [...STEPS].reverse()) {
        for (const system of there) {
          if (system.slow && (!SLOW_STEPS.includes(watchers) || round > 0)) continue;
          system.runs.set(watchers, [...(system.runs.get(watchers) ?? []), await once(system, watchers, text)]);
        }
      }
    }
    return summary(systems);
  });
}

async function once(system, count, text) {
  const blocks = system.slow ? SLOW_BLOCKS : BLOCKS;
  const sent = createHash('sha256')
    .update(readFileSync(text).subarray(0, blocks * 65_536))
    .update('DONE')
    .digest('hex');
  const shell = await openShell(system);
  const watching = count > 0 ? await watchWith(system, shell.sessionId, count, count > 1 ? 1 : 0) : undefined;
  shell.send('exec env PS1= PS2= sh\n'); // one without an editor of lines, which prints beside what it is asked to print
  await pause(500);
  shell.hash = createHash('sha256');
  const poured = await pour(system, shell, text, blocks);
  const whole = shell.hash.digest('hex') === sent;
  shell.hash = undefined;
  await pause(1_500); // peers hold what watchers have yet to be sent
  const typed = poured.whole ? await typeKeys(shell, KEYS, TYPING_GAP_MS) : [];
  const burst = poured.whole ? await keys(shell, system.slow ? KEYS : BURST_KEYS, 0) : [];
  const counted = await watching?.count();
  shell.close();
  await watching?.close();
  await pause(500);
  const seen = counted && counted.bytes / (poured.bytes * count);
  return { ...poured, whole, typed, burst, seen, closed: counted?.closed };
}

function summary(systems) {
  const trips = (runs, key) => runs.flatMap((one) => one[key]);
  const rows = systems.flatMap(({ name, missing, runs }) =>
    missing
      ? [{ system: name, watchers: `missing: ${missing}` }]
      : [...runs.keys()]
          .sort((a, b) => a - b)
          .map((watchers) => {
            const all = runs.get(watchers);
            return {
              system: name,
              watchers,
              'CPU s/GB': fixed(median(all.map(({ cpuPerGb }) => cpuPerGb))),
              'MB/s': fixed(median(all.map(({ mbPerS }) => mbPerS))),
              'same bytes': `${all.filter(({ whole }) => whole).length} of ${all.length}`,
              'watcher sent, % of it': fixed(median(all.map(({ seen }) => seen * 100)), 0),
              'typed p50 ms': fixed(quantile(trips(all, 'typed'), 0.5), 2),
              'p99 ms': fixed(quantile(trips(all, 'typed'), 0.99), 2),
              'one after another p50 ms': fixed(quantile(trips(all, 'burst'), 0.5), 2),
              'p99 ms ': fixed(quantile(trips(all, 'burst'), 0.99), 2),
            };
          }),
  );
  const product = systems.find(({ key }) => key === 'product');
  if (product === undefined) return table(rows);
  const lost = [...product.runs.values()].flat().filter(({ whole }) => !whole).length;
  const p99 = (watchers, key) => quantile(trips(product.runs.get(watchers), key), 0.99);
  const more = (key) => p99(100, key) - p99(0, key);
  return `${table(rows)}

One of the watchers has stopped reading its socket where there are two or more. *Same bytes*: SHA-256 of what the operator was sent is that of what was printed.

- Runs in which the operator lost a byte: **${lost}** (aim 0: ${verdict(lost === 0)}).
- A key's p99 with 100 watchers, beyond that with none: typed **${fixed(more('typed'), 2)} ms**, one after another **${fixed(more('burst'), 2)} ms** (aim at most ${AIM_MS}: ${verdict(Math.max(more('typed'), more('burst')) <= AIM_MS)}).`;
}
