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
      for (let round = 0; round < rounds; round++) {
        const shell = await openShell(system);
        await pour(system, shell, text, BLOCKS);
        shell.close();
      }
      await stop(system.child, 'SIGTERM', 30_000);
      return readdirSync(profiles)
        .map((name) => topOf(JSON.parse(readFileSync(join(profiles, name), 'utf8')), name))
        .join('\n\n');
    });
  }
}

/** Whose function it is: a package, a folder of ours, or Node. */
const areaOf = (url) =>
  /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ??
  /packages\/(\w+)\/dist\/((?:[\w-]+\/)*)/.exec(url)?.slice(1).join('/') ??
  (url.startsWith('node:')
    ? url.replace(/^node:(internal\/)?/, 'node:').split('/')[0]
    : url === ''
      ? 'native'
      : 'bench');

function topOf({ nodes, samples, timeDeltas }, title) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const self = new Map();
  const areas = new Map();
  let busy = 0;
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = byId.get(id).callFrame;
    if (functionName === '(idle)' || functionName === '(program)') return;
    const file = url.replace(/^.*\/(node_modules|packages)\//, '').replace('file://', '');
    const name = `${functionName || '(anonymous)'} ${file}${url.startsWith('node:') || url === '' ? '' : `:${lineNumber + 1}`}`;
    const micros = timeDeltas[index];
    busy += micros;
    self.set(name, (self.get(name) ?? 0) + micros);
    areas.set(areaOf(url), (areas.get(areaOf(url)) ?? 0) + micros);
  });
  const rows = [...self].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
  const lines = rows.map(([name, micros]) => ({
    'self %': fixed((micros / busy) * 100),
    ms: fixed(micros / 1000, 0),
    function: name,
  }));
  const share = [...areas].sort(([, a], [, b]) => b - a).slice(0, 14);
  const byArea = share.map(([area, micros]) => `${area} ${fixed((micros / busy) * 100)} %`).join(', ');
  return `\`${title.replace(/\.\d{8}\..*/, '')}\`, ${fixed(busy / 1e6, 2)} s busy: ${byArea}\n\n${table(lines)}`;
}
