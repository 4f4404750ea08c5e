/** `npm start` as the README says it: a fresh clone, Node and npm, no compiler, nothing installed by hand. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkPlainTools } from './plain-tools.js';
import { cleanEnvironment } from './running-gateway.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
let home: string;
let path: string;
let clone: string;

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'sallyport-clone-'));
  path = join(home, 'path');
  mkdirSync(path);
  linkPlainTools(path);
  clone = join(home, 'sallyport');
  execFileSync('git', ['clone', '--quiet', ROOT, clone]);
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** Milliseconds until it says `ready`; then it is told to stop, and must. */
async function start(): Promise<{ readonly ms: number; readonly output: string }> {
  const started = performance.now();
  const child = spawn(join(path, 'npm'), ['start', '--', '--http', '127.0.0.1:0'], {
    cwd: clone,
    env: { ...cleanEnvironment({}), PATH: path, HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit') as Promise<[number | null]>;
  let output = '';
  let ms = 0;
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    if (ms > 0 || !output.includes('"msg":"ready"')) return;
    ms = performance.now() - started;
    child.kill('SIGTERM');
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  const [code] = await exited;
  expect(ms, output).toBeGreaterThan(0);
  expect(code, output).toBe(0);
  return { ms, output };
}

test('a fresh clone installs, builds and serves with npm start; a second start is ready in under 3 s', async () => {
  const first = await start();
  expect(first.output).toContain('/setup#');
  // Whoever starts it the first time sees what is done and nothing that asks to be understood.
  expect(first.output).toContain('installing packages');
  expect(first.output).not.toMatch(/npm warn|EBADENGINE|PLUGIN_TIMINGS|deprecat/i);
  // The best of three: a machine that is busy for a moment says nothing about the product.
  const again = [await start(), await start(), await start()];
  for (const { output } of again) expect(output).not.toMatch(/installing|building/);
  expect(Math.min(...again.map(({ ms }) => ms))).toBeLessThan(3_000);
  expect(execFileSync('git', ['status', '--porcelain'], { cwd: clone, encoding: 'utf8' })).toBe('');
});
