/** Children of a benchmark, ended by their id when it ends, and what they cost: CPU and memory of a whole process tree. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TICKS_PER_SECOND = 100; // USER_HZ of every Linux we know

const children = new Set();
const directories = new Set();

/** Starts a program whose output is read by the caller or dropped; its last words are kept for error messages. */
export function start(command, args, { env = {}, cwd } = {}) {
  const child = spawn(command, args.map(String), {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  children.add(child);
  child.on('exit', () => children.delete(child));
  child.said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8');
    stream.on('data', (text) => {
      child.said = (child.said + text).slice(-20_000);
    });
  }
  return child;
}

/** Resolves when the child has printed what fits `pattern`; rejects when it ends first or after `ms`. */
export async function said(child, pattern, ms = 30_000) {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const match = pattern.exec(child.said);
    if (match) return match;
    if (child.exitCode !== null) throw new Error(`ended with ${child.exitCode}: ${child.said.slice(-1500)}`);
    await pause(20);
  }
  throw new Error(`never said ${pattern}: ${child.said.slice(-1500)}`);
}

export async function stop(child, signal = 'SIGTERM', ms = 10_000) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  await gone;
  clearTimeout(timer);
}

export function temporaryDirectory() {
  const path = mkdtempSync(join(tmpdir(), 'sallyport-bench-'));
  directories.add(path);
  return path;
}

export async function cleanUp() {
  await Promise.all([...children].map((child) => stop(child, 'SIGTERM', 5_000)));
  for (const path of directories) rmSync(path, { recursive: true, force: true });
  directories.clear();
}
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

export async function freePort() {
  const server = net.createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export async function listening(port, ms = 30_000) {
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const open = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (open) return;
    await pause(50);
  }
  throw new Error(`port ${port} never opened`);
}

function statOf(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .map(Number);
    return { parent: fields[1], ticks: fields[11] + fields[12], reaped: fields[13] + fields[14] };
  } catch {
    return undefined;
  }
}

/** A process and all that descend from it. */
export function treeOf(pid) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = statOf(name)?.parent;
    if (parent !== undefined) parents.set(Number(name), parent);
  }
  const tree = [pid];
  for (let at = 0; at < tree.length; at++) {
    for (const [child, parent] of parents) if (parent === tree[at]) tree.push(child);
  }
  return tree;
}

/** CPU seconds used so far by these processes' trees, ended children included. */
export function cpuSeconds(pids) {
  const all = pids.flatMap(treeOf).map(statOf);
  return all.reduce((sum, stat) => sum + (stat ? stat.ticks + stat.reaped : 0), 0) / TICKS_PER_SECOND;
}

/** Resident KiB of these processes' trees. */
export function residentKiB(pids) {
  const one = (pid) => {
    try {
      return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0);
    } catch {
      return 0;
    }
  };
  return pids.flatMap(treeOf).reduce((sum, pid) => sum + one(pid), 0);
}

export const load = () => readFileSync('/proc/loadavg', 'latin1').split(' ').slice(0, 3).join(' ');
