/** Where the trunk's CPU goes: the bulk load through the product (or the naive relay) under Node's profiler, by self time. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fixed, measured, table } from './lib/figures.mjs';
import { gatewayPeer } from './lib/gateway.mjs';
import { naiveRelay } from './lib/peers.mjs';
import { stop, temporaryDirectory } from './lib/processes.mjs';
import { openShell, pour } from './lib/shell.mjs';
import { startSshd, writeLogText } from './lib/target.mjs';

const BLOCKS = 1536; // 96 MiB
const TIMES = 5;
const SHOWN = 28;
const withoutRecording = fileURLToPath(new URL('lib/no-recording.mjs', import.meta.url));

export async function run({ rounds = 3, write = false, only = ['product'] } = {}) {
  const directory = temporaryDirectory();
  const target = await startSshd(directory);
  const text = writeLogText(join(directory, 'text.log'), 100);
  for (const key of only) {
    const profiles = temporaryDirectory();
    const node = ['--cpu-prof', `--cpu-prof-dir=${profiles}`, '--cpu-prof-interval=500'];
    const system =
      key === 'naive'
        ? await naiveRelay(target, 'none', directory, node)
        : await gatewayPeer(temporaryDirectory(), target, {
            node: key === 'unrecorded' ? [...node, '--import', withoutRecording] : node,
            name: `Sallyport, ${key === 'unrecorded' ? 'without its recording store' : 'recorded'}`,
          });
    await measured(`Profile: ${system.name}`, `npm run bench -- profile --only ${key}`, write, async () => {
      const windows = [];
      let bytes = 0;
      for (let round = -1; round < rounds; round++) {
        const shell = await openShell(system);
        const from = nowMicros();
        const poured = await pour(system, shell, text, BLOCKS, { times: TIMES });
        shell.close();
        if (round < 0) continue; // starting and warming up are not the trunk
        windows.push([from, nowMicros()]);
        bytes += poured.bytes;
      }
      await stop(system.child, 'SIGTERM', 30_000);
      return readdirSync(profiles)
        .map((name) => topOf(JSON.parse(readFileSync(join(profiles, name), 'utf8')), windows, bytes / 2 ** 30))
        .join('\n\n');
    });
  }
}

/** The profiler's clock. */
const nowMicros = () => Number(process.hrtime.bigint() / 1000n);

/** Whose function it is: a package, a folder of ours, or Node. */
const areaOf = (url) =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ??
  /packages\/(\w+)\/dist\/((?:[\w-]+\/)*)/.exec(url)?.slice(1).join('/') ??
  (url.startsWith('node:')
    ? url.replace(/^node:(internal\/)?/, 'node:').split('/')[0]
    : url === ''
      ? 'native'
      : 'bench');

function topOf({ nodes, samples, timeDeltas, startTime }, windows, gigabytes) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const self = new Map();
  const areas = new Map();
  let busy = 0;
  let at = startTime;
  samples.forEach((id, index) => {
    at += timeDeltas[index];
    if (!windows.some(([from, to]) => at >= from && at < to)) return;
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    if (functionName === '(idle)' || functionName === '(program)') return;
    const file = url.replace(/^.*\/(node_modules|packages)\//, '').replace('file://', '');
    const name = `${functionName || '(anonymous)'} ${file}${url.startsWith('node:') || url === '' ? '' : `:${lineNumber + 1}`}`;
    const micros = timeDeltas[index];
    busy += micros;
    self.set(name, (self.get(name) ?? 0) + micros);
    areas.set(areaOf(url), (areas.get(areaOf(url)) ?? 0) + micros);
  });
  if (busy === 0) return 'Another thread, idle in these windows.';
  const rows = [...self].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  const lines = rows.map(([name, micros]) => ({
    'self %': fixed((micros / busy) * 100),
    's/GB': fixed(micros / 1e6 / gigabytes, 2),
    function: name,
  }));
  const share = [...areas].sort(([, a], [, b]) => b - a).slice(0, 14);
  const byArea = share.map(([area, micros]) => `${area} ${fixed(micros / 1e6 / gigabytes, 2)}`).join(', ');
  return `${fixed(busy / 1e6 / gigabytes, 2)} s/GB on this thread (wall of running code, so a busy machine inflates it): ${byArea}

${table(lines)}`;
}
