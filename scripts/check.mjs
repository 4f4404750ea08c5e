/**
 * `npm run check`: the inner loop, under a minute. Types, lint, unused code and the quick tests, on two cores at once;
 * the output of what failed, then a verdict. Arguments go to vitest. `npm test` runs everything.
 */
import { spawn } from 'node:child_process';
import { bin, ensureInstalled, root, say } from './workspace.mjs';

const step = (name, command, ...args) => ({ name, command: bin(command), args });
const LANES = [
  [
    step('types', 'tsc', '-b', 'packages/cli', 'packages/console'),
    step('types of the tests', 'tsc', '-p', 'tsconfig.tests.json'),
    step('lint', 'biome', 'check'),
    step('unused', 'knip', '--no-progress'),
  ],
  [step('tests', 'vitest', 'run', '--project', 'unit', '--reporter', 'dot', ...process.argv.slice(2))],
];

/** Resolves to the output of a step that failed, or undefined. */
function output({ command, args }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => chunks.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0 ? undefined : Buffer.concat(chunks).toString()));
  });
}

await ensureInstalled();
const failed = [];
async function run(lane) {
  for (const one of lane) {
    const started = performance.now();
    const text = await output(one);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    if (text !== undefined) {
      failed.push(one.name);
      say(text.trimEnd());
    }
    say(`${text === undefined ? 'ok    ' : 'FAILED'} ${one.name} (${seconds} s)`);
  }
}
await Promise.all(LANES.map(run));
if (failed.length > 0) {
  say(`sallyport: failed: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
