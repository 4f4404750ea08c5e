/** (d) What recording costs: the same gateway with and without its recording store, in alternating rounds. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fixed, measured, median, table, verdict } from './lib/figures.mjs';
import { gatewayPeer } from './lib/gateway.mjs';
import { pause, temporaryDirectory } from './lib/processes.mjs';
import { openShell, pour } from './lib/shell.mjs';
import { startSshd, writeLogText } from './lib/target.mjs';

const BLOCKS = 1536; // 96 MiB
const TIMES = 5;
const WARM_ROUNDS = 1;
const withoutRecording = fileURLToPath(new URL('lib/no-recording.mjs', import.meta.url));

export async function run({ rounds = 5, write = false } = {}) {
  const directory = temporaryDirectory();
  const target = await startSshd(directory);
  const text = writeLogText(join(directory, 'text.log'), 100);
  const systems = [
    { ...(await gatewayPeer(temporaryDirectory(), target, { name: 'Sallyport, recorded' })), runs: [] },
    {
      ...(await gatewayPeer(temporaryDirectory(), target, {
        name: 'Sallyport without its recording store',
        node: ['--import', withoutRecording],
      })),
      runs: [],
    },
  ];
  await measured(
    'Recording’s share of the trunk',
    `npm run bench -- recording-share --rounds ${rounds}`,
    write,
    async () => {
      for (let round = -WARM_ROUNDS; round < rounds; round++) {
        // The order turns, so that neither always runs on a machine warmed by the other.
        for (const system of round % 2 === 0 ? systems : [...systems].reverse()) {
          const shell = await openShell(system);
          const poured = await pour(system, shell, text, BLOCKS, { times: TIMES });
          shell.close();
          await pause(300);
          if (round >= 0) system.runs.push(poured); // a gateway runs for weeks: its code is warm
        }
      }
      const [on, off] = systems.map(({ runs }) => median(runs.map(({ cpuPerGb }) => cpuPerGb)));
      // Each round's pair shares the machine's mood: the median of pairs is steadier than the pair of medians.
      const shares = systems[0].runs.map((one, index) => 1 - systems[1].runs[index].cpuPerGb / one.cpuPerGb);
      const share = median(shares);
      const rows = systems.map(({ name, runs }) => ({
        system: name,
        'CPU s/GB': fixed(median(runs.map(({ cpuPerGb }) => cpuPerGb))),
        'best round': fixed(Math.min(...runs.map(({ cpuPerGb }) => cpuPerGb))),
        'MB/s': fixed(median(runs.map(({ mbPerS }) => mbPerS))),
        'arrived whole': `${runs.filter(({ whole }) => whole).length} of ${rounds}`,
      }));
      return `${table(rows)}

- Share of recording: **${fixed(share * 100)} %** (median of ${rounds} pairs: ${shares.map((one) => fixed(one * 100)).join(', ')}; of the medians ${fixed((1 - off / on) * 100)} %). Aim under 10 %: ${verdict(share < 0.1)}.`;
    },
  );
}
