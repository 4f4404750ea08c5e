/**
 * The systems a run compares, each as `{ name, pids, open(onBytes) }`: `open` gives a shell that already waits for input
 * as `{ send(text), close() }`. A peer that cannot be had on this machine answers `{ name, missing }` with the reason.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { freePort, listening, said, start } from './processes.mjs';
import { login } from './target.mjs';

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const cache = fileURLToPath(new URL('../../.cache/bench/', import.meta.url));
const INSTALL_MS = 600_000;

function socketClient(url, { onBytes, decode = (bytes) => bytes, headers }) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { perMessageDeflate: false, headers });
    socket.on('error', reject);
    socket.on('message', (bytes) => {
      const decoded = decode(bytes);
      if (decoded !== undefined) onBytes(decoded);
    });
    socket.on('open', () => resolve({ send: (text) => socket.send(text), close: () => socket.terminate() }));
  });
}

/** @param mode none: not recorded; raw: bytes with a header to a file */
export async function naiveRelay(target, mode, directory, node = []) {
  const child = start(process.execPath, [
    ...node,
    here('naive-relay.mjs'),
    target.port,
    login,
    target.keyFile,
    mode,
    directory,
  ]);
  const [, port] = await said(child, /^port (\d+)$/m);
  return {
    name: mode === 'raw' ? 'naive ws + ssh2 relay, raw recording' : 'naive ws + ssh2 relay, unrecorded',
    child,
    port: Number(port),
    pids: [child.pid],
    open: (onBytes) => socketClient(`ws://127.0.0.1:${port}/`, { onBytes }),
  };
}

const WETTY = '3.2.0';

/** wetty: an ssh child per session behind socket.io. Its node-pty is compiled on this machine. */
export async function wetty(target) {
  const directory = join(cache, 'wetty');
  const main = join(directory, 'node_modules/wetty/build/main.js');
  const pty = join(directory, 'node_modules/node-pty/build/Release/pty.node');
  if (!existsSync(main) || !existsSync(pty)) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'package.json'), '{ "name": "bench-wetty", "private": true }\n');
    const args = ['install', '--save-exact', '--ignore-scripts=false', '--no-audit', '--no-fund', `wetty@${WETTY}`];
    try {
      execFileSync('npm', args, { cwd: directory, stdio: 'pipe', timeout: INSTALL_MS });
    } catch (error) {
      return { name: `wetty ${WETTY}`, missing: `npm install failed: ${lastLine(error)}` };
    }
  }
  if (!existsSync(pty))
    return { name: `wetty ${WETTY}`, missing: 'its node-pty was not compiled (needs gcc and make)' };
  const port = await freePort();
  const options = {
    host: '127.0.0.1',
    port,
    base: '/wetty',
    'force-ssh': true,
    'ssh-host': '127.0.0.1',
    'ssh-port': target.port,
    'ssh-user': login,
    'ssh-auth': 'publickey',
    'ssh-key': target.keyFile,
    'known-hosts': '/dev/null',
    'log-level': 'error',
  };
  const flags = Object.entries(options).flatMap(([key, value]) =>
    value === true ? [`--${key}`] : [`--${key}`, value],
  );
  const child = start(process.execPath, [main, ...flags]);
  await listening(port);
  const { io } = createRequire(join(directory, 'package.json'))('socket.io-client');
  return {
    name: `wetty ${WETTY}`,
    pids: [child.pid],
    open: (onBytes) =>
      new Promise((resolve, reject) => {
        const origin = `http://127.0.0.1:${port}`;
        const socket = io(origin, {
          path: '/wetty/socket.io',
          transports: ['websocket'],
          extraHeaders: { origin, referer: `${origin}/wetty/` },
        });
        socket.on('connect_error', reject);
        socket.on('data', (text) => {
          socket.emit('commit', text.length); // its own flow control: what the page has drawn
          onBytes(Buffer.from(text, 'utf8'));
        });
        socket.on('login', () => socket.emit('resize', { cols: 80, rows: 24 }));
        socket.on('connect', () =>
          resolve({ send: (text) => socket.emit('input', text), close: () => socket.close() }),
        );
      }),
  };
}

const DEBIAN = ['python3-django-channels', 'python3-channels-redis', 'daphne', 'python3-paramiko', 'redis-server'];

/** The founding design: a Channels consumer over paramiko, every chunk sent through a Redis group. */
export async function channels(target) {
  const name = 'reference design (Channels 4.0, paramiko, Redis)';
  const python = '/usr/bin/python3';
  if (!importsWork(python)) {
    if (process.getuid?.() !== 0)
      return { name, missing: `not root, so these cannot be installed: ${DEBIAN.join(' ')}` };
    try {
      execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...DEBIAN], {
        stdio: 'pipe',
        timeout: INSTALL_MS,
      });
    } catch (error) {
      return { name, missing: `apt-get install failed: ${lastLine(error)}` };
    }
  }
  const [redisPort, port] = [await freePort(), await freePort()];
  const settings = ['--port', redisPort, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const redis = start('redis-server', settings);
  await listening(redisPort);
  const daphne = start(
    python,
    ['-m', 'daphne', '-b', '127.0.0.1', '-p', port, '--verbosity', '0', 'channels_app:application'],
    {
      env: {
        PYTHONPATH: here('.'),
        BENCH_SSH_PORT: String(target.port),
        BENCH_SSH_LOGIN: login,
        BENCH_SSH_KEY: target.keyFile,
        BENCH_REDIS_PORT: String(redisPort),
      },
    },
  );
  await listening(port);
  return {
    name,
    port,
    pids: [daphne.pid, redis.pid],
    slow: true,
    open: (onBytes) =>
      socketClient(`ws://127.0.0.1:${port}/`, {
        headers: { origin: `http://127.0.0.1:${port}` },
        onBytes,
        decode: (bytes) => {
          const { message } = JSON.parse(bytes.toString());
          return message === undefined ? undefined : Buffer.from(message, 'utf8');
        },
      }).then(({ send, close }) => ({ close, send: (text) => send(JSON.stringify({ data: text })) })),
  };
}

function importsWork(python) {
  try {
    execFileSync(python, ['-c', 'import channels, channels_redis, daphne, paramiko'], { stdio: 'pipe' });
    execFileSync('redis-server', ['--version'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
}

const lastLine = (error) =>
  String(error.stderr ?? error.message)
    .trim()
    .split('\n')
    .at(-1);
