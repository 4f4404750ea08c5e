/** (b) Keystroke round trip: one byte to `cat` on a raw terminal and back, through each system. */
import { fixed, measured, quantile, table, verdict } from './lib/figures.mjs';
import { gatewayPeer } from './lib/gateway.mjs';
import { channels, naiveRelay, wetty } from './lib/peers.mjs';
import { pause, temporaryDirectory } from './lib/processes.mjs';
import { keys, openShell, typeKeys } from './lib/shell.mjs';
import { startSshd } from './lib/target.mjs';

const KEYS = 300;
const BURST_KEYS = 1500; // 300 would be a tenth of a second
const TYPING_GAP_MS = 15; // faster than any typist, slower than a burst

export async function run({ rounds = 3, write = false, only } = {}) {
  const directory = temporaryDirectory();
  const target = await startSshd(directory);
  const makers = {
    product: () => gatewayPeer(temporaryDirectory(), target),
    naive: () => naiveRelay(target, 'none', directory),
    wetty: () => wetty(target),
    channels: () => channels(target),
  };
  const systems = [];
  for (const [key, make] of Object.entries(makers)) {
    if (only === undefined || only.includes(key)) systems.push({ key, ...(await make()), typed: [], burst: [] });
  }
  await measured('Keystroke round trip', `npm run bench -- keystroke --rounds ${rounds}`, write, async () => {
    for (let round = -1; round < rounds; round++) {
      for (const system of systems.filter(({ missing }) => !missing)) {
        const shell = await openShell(system);
        const typed = await typeKeys(shell, round < 0 ? 50 : KEYS, TYPING_GAP_MS);
        const burst = await keys(shell, system.slow ? KEYS : BURST_KEYS, 0);
        shell.close();
        await pause(200);
        if (round < 0) continue; // warms the code up; not counted
        system.typed.push(...typed);
        system.burst.push(...burst);
      }
    }
    return summary(systems);
  });
}

function summary(systems) {
  const p50 = (key) => quantile(systems.find((system) => system.key === key)?.burst ?? [], 0.5);
  const rows = systems.map(({ name, missing, typed, burst }) => ({
    system: name,
    'typed p50 ms': missing ? `missing: ${missing}` : fixed(quantile(typed, 0.5), 2),
    'p99 ms': fixed(quantile(typed, 0.99), 2),
    'one after another p50 ms': fixed(quantile(burst, 0.5), 2),
    'p99 ms ': fixed(quantile(burst, 0.99), 2),
    lost: missing ? '-' : String([...typed, ...burst].filter((trip) => !Number.isFinite(trip)).length),
  }));
  const wettyTimes = p50('wetty') / p50('product');
  const referenceTimes = p50('channels') / p50('product');
  const said = (value) => (Number.isFinite(value) ? value : undefined);
  return `${table(rows)}

*Typed*: the next key ${TYPING_GAP_MS} ms after the echo, so the machine's own waking up is most of it. *One after another*: at once; the aims were set on this.

- Ahead of wetty at p50, one after another: **${fixed(wettyTimes, 1)}** times (aim at least 10: ${verdict(said(wettyTimes) && wettyTimes >= 10)}).
- Ahead of the reference at p50, one after another: **${fixed(referenceTimes, 1)}** times (aim at least 25: ${verdict(said(referenceTimes) && referenceTimes >= 25)}).`;
}
