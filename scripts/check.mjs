/** `npm run check`: the inner loop, under a minute. Types, lint, arrows and the unit tests; all of them, then a verdict. */
import { bin, ensureInstalled, run, say } from './workspace.mjs';

await ensureInstalled();
const STEPS = [
  ['types', bin('tsc'), ['-b', 'packages/cli', 'packages/console']],
  ['types of the tests', bin('tsc'), ['-p', 'tsconfig.tests.json']],
  ['lint', bin('biome'), ['check']],
  ['unused', bin('knip'), ['--no-progress']],
  ['tests', bin('vitest'), ['run', '--project', 'unit', '--reporter', 'dot', ...process.argv.slice(2)]],
];
const failed = [];
for (const [name, command, args] of STEPS) {
  const started = performance.now();
  const code = await run(command, args);
  say(`${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (code !== 0) failed.push(name);
}
if (failed.length > 0) {
  say(`sallyport: failed: ${failed.join(', ')}.`);
  process.exitCode = 1;
}
