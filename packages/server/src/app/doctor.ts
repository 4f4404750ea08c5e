/** `sallyport doctor`: everything that commonly stops a gateway, each with what to do about it. Changes nothing. */
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import process from 'node:process';
import { sql } from 'kysely';
import { consoleDirectory } from './console-files.js';
import { dataPaths } from './data-directory.js';
import { lockData } from './data-lock.js';
import { proxyWarning } from './proxy-warning.js';
import type { Config } from './settings.js';
import { openExistingStores } from './stores.js';

export interface Finding {
  readonly name: string;
  readonly state: 'ok' | 'warn' | 'failed';
  readonly detail: string;
  readonly next?: string;
}

const LITTLE_SPACE_BYTES = 1024 ** 3;
const TOO_LITTLE_SPACE_BYTES = 64 * 1024 ** 2;
const CLOCK_OLDEST = Date.UTC(2026, 0, 1);

export async function examine(config: Config): Promise<readonly Finding[]> {
  const findings: Finding[] = [nodeVersion(), clock(), consoleBuilt()];
  const proxy = proxyWarning(config);
  if (proxy !== undefined) findings.push({ name: 'proxy', state: 'warn', ...proxy });
  const { data, database } = dataPaths(config);
  if (!existsSync(data)) {
    findings.push({ name: 'data directory', state: 'ok', detail: `${data} will be made at the first start` });
    findings.push(await port(config, false));
  } else {
    findings.push(dataDirectory(data), await space(data));
    const running = await isRunning(data);
    if (existsSync(database)) findings.push(...(await stored(config)));
    findings.push(await port(config, running));
  }
  findings.push(await sshd());
  return findings;
}

function nodeVersion(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const name = 'node';
  const detail = process.versions.node;
  if ((major === 20 && minor >= 19) || (major === 22 && minor >= 12)) {
    const next = 'Node 24 is faster and still receives fixes.';
    return major === 20
      ? { name, state: 'warn', detail: `${detail}, past its end of life`, next }
      : { name, state: 'ok', detail };
  }
  if (major > 22) return { name, state: 'ok', detail };
  return { name, state: 'failed', detail, next: 'Install Node 24, or 20.19 or newer of 20, or 22.12 or newer of 22.' };
}

function clock(): Finding {
  const detail = `${new Date().toISOString()} UTC`;
  if (Date.now() >= CLOCK_OLDEST) return { name: 'clock', state: 'ok', detail };
  return { name: 'clock', state: 'failed', detail, next: 'Set the clock: one-time codes and recordings depend on it.' };
}

function consoleBuilt(): Finding {
  const directory = consoleDirectory();
  if (directory !== undefined) return { name: 'console', state: 'ok', detail: 'built' };
  return {
    name: 'console',
    state: 'failed',
    detail: 'its pages are missing',
    next: 'Run “npm run build” in the clone.',
  };
}

function dataDirectory(data: string): Finding {
  const name = 'data directory';
  const { mode, uid } = statSync(data);
  try {
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch {
    return { name, state: 'failed', detail: `${data} cannot be written`, next: `Run as its owner (user id ${uid}).` };
  }
  if ((mode & 0o077) === 0) return { name, state: 'ok', detail: `${data}, readable by its owner only` };
  return { name, state: 'failed', detail: `${data} can be read by others`, next: `chmod 700 ${data}` };
}

async function space(data: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(data);
  const free = bavail * bsize;
  const detail = `${(free / 1024 ** 3).toFixed(1)} GiB free`;
  const next = 'Free space: a session whose recording cannot be written is ended.';
  const name = 'disk space';
  if (free >= LITTLE_SPACE_BYTES) return { name, state: 'ok', detail };
  return { name, state: free < TOO_LITTLE_SPACE_BYTES ? 'failed' : 'warn', detail, next };
}

async function isRunning(data: string): Promise<boolean> {
  const held = await lockData(data).catch(() => undefined);
  if (held?.ok === true) held.lock.release();
  return held?.ok === false;
}

/** Opening checks the migrations and that the master key fits; then the database's own check. */
async function stored(config: Config): Promise<readonly Finding[]> {
  try {
    const stores = await openExistingStores(config);
    try {
      const { rows } = await sql<{ integrity_check: string }>`pragma integrity_check(5)`.execute(stores.database.query);
      const verdict = rows.map((row) => row.integrity_check).join('; ');
      const next = 'Restore the newest backup; keep the damaged file.';
      const audit = await stores.audit.verify();
      const chain = audit.ok ? `${audit.entries} entries` : `broken at entry ${audit.badSeq ?? '?'}`;
      return [
        { name: 'master key', state: 'ok', detail: 'fits the stored secrets' },
        verdict === 'ok'
          ? { name: 'database', state: 'ok', detail: `sound (${stores.database.engine} engine)` }
          : { name: 'database', state: 'failed', detail: verdict, next },
        {
          name: 'audit chain',
          state: audit.ok ? 'ok' : 'failed',
          detail: chain,
          next: 'See docs/operate: somebody changed rows.',
        },
      ];
    } finally {
      await stores.close();
    }
  } catch (error) {
    return [{ name: 'database', state: 'failed', detail: error instanceof Error ? error.message : String(error) }];
  }
}

async function port(config: Config, running: boolean): Promise<Finding> {
  const { host, port } = config.http;
  const name = 'port';
  const code = await new Promise<string | undefined>((resolve) => {
    const probe = createServer();
    probe.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'failed'));
    probe.listen(port, host, () => probe.close(() => resolve(undefined)));
  });
  if (code === undefined) return { name, state: 'ok', detail: `${host}:${port} is free` };
  if (running) return { name, state: 'ok', detail: `${host}:${port} is used, and this gateway is running` };
  return { name, state: 'failed', detail: `${host}:${port}: ${code}`, next: 'Choose another address with --http.' };
}

async function sshd(): Promise<Finding> {
  const reached = await new Promise<boolean>((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: 22, timeout: 1_000 });
    const done = (answer: boolean) => () => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', done(true)).on('error', done(false)).on('timeout', done(false));
  });
  const name = 'local sshd';
  if (reached) return { name, state: 'ok', detail: '127.0.0.1:22 answers: this machine can be added as a host' };
  return { name, state: 'ok', detail: 'none on 127.0.0.1:22; only needed to add this machine itself as a host' };
}
