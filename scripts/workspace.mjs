/** What every script needs first: packages installed as the lock file says, and the build as the sources say. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const at = (...parts) => join(root, ...parts);

export const say = (text) => process.stderr.write(`${text}\n`);

/** Runs a program in the repository, its output passed through. Resolves to its exit code. */
export function run(command, args, { cwd = root, env = process.env, stdout = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', stdout === 'stderr' ? 2 : stdout, 'inherit'] });
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)));
  });
}

/** As `run`, but what it says is shown only when it fails: then all of it. */
export function runQuietly(command, args, { cwd = root, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => said.push(piece));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code !== 0) process.stderr.write(Buffer.concat(said));
      resolve(code ?? (signal === 'SIGINT' ? 130 : 1));
    });
  });
}

/** As `run`, for a step that must succeed: the script ends with the step's exit code. */
export async function must(what, command, args, options = {}) {
  const code = await (options.quiet ? runQuietly : run)(command, args, options);
  if (code === 0) return;
  say(`sallyport: ${what} failed (exit code ${code}).`);
  process.exit(code);
}

/** Runs an installed package's program with this Node, without npx. */
export const bin = (name) => at('node_modules', '.bin', name);

export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22) return;
  say(
    `sallyport: Node ${process.versions.node} is not supported. Use Node 24, or 20.19 or newer of 20, or 22.12 or newer.`,
  );
  process.exit(1);
}

/** The tree in node_modules holds every package of the lock file, in its version. */
export function isInstalled() {
  const installed = at('node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const want = JSON.parse(readFileSync(at('package-lock.json'), 'utf8')).packages;
  const have = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(want).every(([path, { version, optional, link, peer }]) => {
    if (!path.startsWith('node_modules/') || optional || peer) return true;
    return link ? existsSync(at(path)) : have[path]?.version === version;
  });
}

export async function ensureInstalled() {
  checkNode();
  if (isInstalled()) return;
  say('sallyport: installing packages (npm ci) ...');
  const npm = process.env.npm_execpath;
  const [command, before] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []];
  // Some machines set NODE_ENV=production, with which npm leaves out what the build needs.
  const env = { ...process.env, NODE_ENV: 'development' };
  // npm warns of engines that packages name more narrowly than they need; a refusal is shown whole.
  await must('installing', command, [...before, 'ci', '--no-audit', '--no-fund'], { env, quiet: true });
}

const PACKAGES = ['core', 'server', 'cli', 'console', 'verify'];
const BUILD_INPUTS = ['package-lock.json', 'tsconfig.base.json', ...PACKAGES.map((name) => `packages/${name}`)];
const NOT_INPUTS = /^(dist.*|node_modules|test)$|\.tsbuildinfo$|\.test\.tsx?$/;

/** One hash over names and contents: equal means the build is still that of these sources. */
export function sourceStamp() {
  const hash = createHash('sha256');
  const walk = (path) => {
    const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      if (NOT_INPUTS.test(entry.name)) continue;
      const file = join(path, entry.name);
      if (entry.isDirectory()) walk(file);
      else if (entry.isFile())
        hash
          .update(`${relative(root, file)}\0`)
          .update(readFileSync(file))
          .update('\0');
    }
  };
  for (const input of BUILD_INPUTS) {
    const path = at(input);
    if (input.startsWith('packages/')) walk(path);
    else hash.update(`${input}\0`).update(readFileSync(path)).update('\0');
  }
  return hash.digest('hex');
}

const stampFile = at('.cache', 'build-stamp');
const OUTPUTS = [
  'packages/cli/dist/main.js',
  'packages/server/dist/app/main.js',
  'packages/console/dist/index.html',
  'packages/console/dist-evidence/evidence.html',
];

const isBuilt = (stamp) =>
  existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp && OUTPUTS.every((file) => existsSync(at(file)));

export async function ensureBuilt() {
  await ensureInstalled();
  if (isBuilt(sourceStamp())) return;
  const release = await buildTurn();
  try {
    const stamp = sourceStamp();
    if (isBuilt(stamp)) return;
    await build();
    writeFileSync(stampFile, stamp);
  } finally {
    release();
  }
}

const BUILD_TURN_POLL_MS = 200;

/** One build at a time: `npm start` and `npm test` may run in the same clone. A builder that died is passed over. */
async function buildTurn() {
  mkdirSync(at('.cache'), { recursive: true });
  const file = at('.cache', 'building');
  const release = () => rmSync(file, { force: true });
  process.on('exit', () => existsSync(file) && readFileSync(file, 'utf8') === String(process.pid) && release());
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' });
      return release;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    if (!isAlive(Number(readFileSync(file, { encoding: 'utf8', flag: 'a+' })))) release();
    else if (!waited) say('sallyport: waiting for another build ...');
    await new Promise((resolve) => setTimeout(resolve, BUILD_TURN_POLL_MS));
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}

async function build() {
  say('sallyport: building ...');
  // A build record without its output would make the compiler believe there is nothing to do.
  for (const name of ['core', 'server', 'cli']) {
    if (!existsSync(at('packages', name, 'dist')))
      rmSync(at('packages', name, 'tsconfig.tsbuildinfo'), { force: true });
  }
  const server = must('compiling', process.execPath, [at('node_modules/typescript/bin/tsc'), '-b', 'packages/cli'], {
    stdout: 'stderr',
  });
  const vite = (what, ...more) =>
    must(
      `building ${what}`,
      process.execPath,
      [at('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn', ...more],
      { cwd: at('packages/console'), stdout: 'stderr', env: { ...process.env, NODE_ENV: 'production' } },
    );
  const pages = async () => {
    await vite('the console');
    await vite('the page of evidence bundles', '--config', 'vite.evidence.config.ts');
  };
  await Promise.all([server, pages()]);
}
