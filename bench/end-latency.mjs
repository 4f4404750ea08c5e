/**
 * Ending somebody's session: from the request sent to the operator's last frame, and until every process of the remote
 * shell's session is gone (the host is this machine, so /proc tells). At an idle prompt, and while it floods.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { fixed, measured, quantile, table, verdict } from './lib/figures.mjs';
import { openPage, startGateway } from './lib/gateway.mjs';
import { pause, temporaryDirectory } from './lib/processes.mjs';
import { startSshd } from './lib/target.mjs';

const TIMES = 100;
const AIM_FRAME_MS = 300;
const AIM_GONE_MS = 1_000;
const GIVEN_UP_MS = 20_000;
const WARM = 5;

export async function run({ rounds = TIMES, write = false } = {}) {
  const target = await startSshd(temporaryDirectory());
  const gateway = await startGateway(temporaryDirectory());
  const place = await gateway.addHost(target);
  await measured('Ending a session', `npm run bench -- end-latency --rounds ${rounds}`, write, async () => {
    const runs = { 'at an idle prompt': [], 'while it floods': [] };
    for (let n = -WARM; n < rounds; n++) {
      for (const [kind, trips] of Object.entries(runs)) {
        const trip = await end(gateway, place, kind === 'while it floods');
        if (n >= 0) trips.push(trip);
      }
    }
    const rows = Object.entries(runs).map(([session, trips]) => {
      const of = (key, share) =>
        quantile(
          trips.map((trip) => trip[key]),
          share,
        );
      return {
        session,
        times: trips.length,
        'last frame p50 ms': fixed(of('frame', 0.5)),
        'p99 ms': fixed(of('frame', 0.99)),
        'answered p50 ms': fixed(of('answered', 0.5)),
        'p99 ms ': fixed(of('answered', 0.99)),
        'processes gone p50 ms': fixed(of('gone', 0.5)),
        'p99 ms  ': fixed(of('gone', 0.99)),
      };
    });
    const all = Object.values(runs).flat();
    const frame = quantile(
      all.map((trip) => trip.frame),
      0.99,
    );
    const gone = quantile(
      all.map((trip) => trip.gone),
      0.99,
    );
    return `${table(rows)}

- The operator’s last frame, p99: **${fixed(frame)} ms** (aim ${AIM_FRAME_MS}: ${verdict(frame <= AIM_FRAME_MS)}).
- The last process of the remote session gone, p99: **${fixed(gone)} ms** (aim ${AIM_GONE_MS}: ${verdict(gone <= AIM_GONE_MS)}).`;
  });
}

async function end(gateway, place, flooding) {
  const page = await openPage(gateway);
  let tail = '';
  let ended = () => {};
  const last = new Promise((resolve) => {
    ended = () => resolve(performance.now());
  });
  const session = await page.openSession(
    place,
    (bytes) => {
      tail = (tail + bytes.subarray(-256).toString('latin1')).slice(-256);
    },
    ended,
  );
  session.send('unset HISTFILE; echo pid-$$-\n');
  let leader;
  await until(() => {
    leader = Number(/pid-(\d+)-/.exec(tail)?.[1] ?? 0);
    return leader > 0;
  });
  if (flooding) {
    session.send('yes 0123456789\n');
    await until(() => tail.includes('0123456789\r\n0123456789\r\n'));
    await pause(100);
  }
  const processes = ofSession(leader);
  if (processes.length < (flooding ? 2 : 1)) throw new Error('the remote processes were not found');
  const began = performance.now();
  const answered = gateway.api('POST', `sessions/${session.sessionId}/end`, { preset: 'security' });
  const answeredAt = answered.then(() => performance.now());
  let goneAt;
  const watching = until(() => {
    if (processes.some(alive)) return false;
    goneAt = performance.now();
    return true;
  });
  const frame = (await last) - began;
  await watching;
  const trip = { frame, gone: goneAt - began, answered: (await answeredAt) - began };
  page.close();
  return trip;
}

async function until(done) {
  const limit = performance.now() + GIVEN_UP_MS;
  while (!done()) {
    if (performance.now() > limit) throw new Error(`waited ${GIVEN_UP_MS} ms in vain`);
    await pause(1);
  }
}
function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const [state, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, session: Number(session) };
  } catch {
    return undefined;
  }
}
const ofSession = (leader) =>
  readdirSync('/proc').filter((name) => /^\d+$/.test(name) && statOf(name)?.session === leader);
/** One that nobody has collected yet runs no more. */
const alive = (pid) => !['Z', 'X', undefined].includes(statOf(pid)?.state);
