/**
 * What it costs that a session could be watched while nobody does: the same build with its watch tap and with one that
 * does nothing, in alternating rounds of bulk text and in an hour of typical work.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fixed, measured, median, table, verdict } from './lib/figures.mjs';
import { gatewayPeer, openPage } from './lib/gateway.mjs';
import { cpuSeconds, pause, temporaryDirectory } from './lib/processes.mjs';
import { openShell, pour } from './lib/shell.mjs';
import { startSshd, writeLogText } from './lib/target.mjs';
import { WORK } from './recording-size.mjs';

const BLOCKS = 1536; // 96 MiB
const TIMES = 5;
const WARM_ROUNDS = 1;
const WORK_SECONDS = 60;
const WORKERS = 12; // twelve people, by the shares of an hour
const AIM = 1.03; // about 1.00: what rounds differ by
const withoutWatching = fileURLToPath(new URL('lib/no-watching.mjs', import.meta.url));

export async function run({ rounds = 5, write = false } = {}) {
  const directory = temporaryDirectory();
  const target = await startSshd(directory);
  const text = writeLogText(join(directory, 'text.log'), 100);
  const systems = [
    await gatewayPeer(temporaryDirectory(), target, { name: 'Sallyport' }),
    await gatewayPeer(temporaryDirectory(), target, {
      name: 'Sallyport without its watch tap',
      node: ['--import', withoutWatching],
    }),
  ].map((system) => ({ ...system, runs: [] }));
  await measured('Unwatched', `npm run bench -- unwatched-cost --rounds ${rounds}`, write, async () => {
    for (let round = -WARM_ROUNDS; round < rounds; round++) {
      for (const system of round % 2 === 0 ? systems : [...systems].reverse()) {
        const shell = await openShell(system);
        const poured = await pour(system, shell, text, BLOCKS, { times: TIMES });
        shell.close();
        await pause(300);
        if (round >= 0) system.runs.push(poured);
      }
    }
    // Side by side, so that the machine's mood is the same for both.
    const work = await Promise.all(systems.map(hourOfWork));
    const ratios = systems[0].runs.map(({ cpuPerGb }, n) => cpuPerGb / systems[1].runs[n].cpuPerGb);
    const bulk = median(ratios);
    const typical = work[0] / work[1];
    const rows = systems.map(({ name, runs }, n) => ({
      system: name,
      'CPU s/GB': fixed(median(runs.map(({ cpuPerGb }) => cpuPerGb)), 2),
      'best round': fixed(Math.min(...runs.map(({ cpuPerGb }) => cpuPerGb)), 2),
      'MB/s': fixed(median(runs.map(({ mbPerS }) => mbPerS))),
      'CPU s of an hour of one person’s work': fixed(work[n], 2),
    }));
    return `${table(rows)}

- Bulk text, of the same without: **${fixed(bulk, 3)}** (median of ${rounds} pairs: ${ratios.map((one) => fixed(one, 2)).join(', ')}; of the best rounds ${fixed(best(systems[0]) / best(systems[1]), 3)}; aim at most ${AIM}: ${verdict(bulk <= AIM)}).
- Typical work, of the same without: **${fixed(typical, 3)}** (aim at most ${AIM}: ${verdict(typical <= AIM)}). ${WORKERS} people at once for ${WORK_SECONDS} s.`;
  });
}
const best = ({ runs }) => Math.min(...runs.map(({ cpuPerGb }) => cpuPerGb));

/** CPU seconds of the gateway for an hour of one person at work. */
async function hourOfWork(system) {
  const page = await openPage(system);
  const plays = [];
  for (const { share, play } of Object.values(WORK)) {
    for (let n = 0; n < Math.round(share * WORKERS); n++) {
      const directory = join(temporaryDirectory(), 'work');
      mkdirSync(directory);
      const send = await page.open(system.place, () => {});
      plays.push((over) => play({ write: send }, over, directory));
    }
  }
  await pause(2_000);
  const cpu = cpuSeconds(system.pids);
  const began = performance.now();
  const over = () => performance.now() - began > WORK_SECONDS * 1000;
  await Promise.all(plays.map((play) => play(over)));
  const seconds = (performance.now() - began) / 1000;
  const used = cpuSeconds(system.pids) - cpu;
  page.close();
  return (used * 3600) / seconds / plays.length;
}
