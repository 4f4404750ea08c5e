/** The product as people run it: `sallyport serve` from the build, in a data directory of its own, set up by its API. */
import { existsSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import WebSocket from 'ws';
import { freePort, listening, said, start } from './processes.mjs';
import { login as targetLogin } from './target.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const CLI = join(root, 'packages/cli/bin/sallyport.js');
const PASSWORD = 'Quiet-Harbour-51-Lantern';
const FRAME = { OPEN: 0x01, INPUT: 0x02, CREDIT: 0x04, OPENED: 0x82, OUTPUT: 0x83, ENDED: 0x87 };
const HEADER_BYTES = 3;
const CREDIT_EVERY_BYTES = 32_768;
const TERMINALS_PER_SOCKET = 32;

/** `node`: flags of Node itself (a profile, a loader). `flags`: settings. */
export async function startGateway(directory, { node = [], flags = {}, name = 'Sallyport, recorded', env = {} } = {}) {
  if (!existsSync(CLI)) throw new Error('not built: run `npm run build` first');
  const port = await freePort();
  const settings = {
    data: directory,
    http: `127.0.0.1:${port}`,
    'log-level': 'warn',
    'max-sessions-per-user': 2000,
    'max-sessions-per-host': 2000,
    ...flags,
  };
  const args = Object.entries(settings).flatMap(([key, value]) => [`--${key}`, value]);
  const child = start(process.execPath, [...node, CLI, 'serve', ...args], { env });
  const [, token] = await said(child, /\/setup#([\w-]+)/);
  await listening(port);
  const api = apiClient(port);
  await api('POST', 'setup', { token, name: 'bench', password: PASSWORD });
  const gateway = {
    name,
    pids: [child.pid],
    child,
    port,
    api,
    cookies: () => api.cookie,
    addHost: (target, options) => addHost(api, target, options),
  };
  if (api.cookie === undefined) await api('POST', 'sign-in', { name: 'bench', password: PASSWORD });
  const { csrf } = await api('GET', 'me');
  api.csrf = csrf;
  return gateway;
}

/** A client of the HTTP API that keeps the cookie and the anti-forgery word as a page does, from an address of its own. */
export function apiClient(port, localAddress = '127.0.0.1') {
  const origin = `http://127.0.0.1:${port}`;
  const call = (method, path, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const headers = {
        accept: 'application/json',
        origin,
        'sec-fetch-site': 'same-origin',
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
        ...(call.cookie === undefined ? {} : { cookie: call.cookie }),
        ...(call.csrf === undefined ? {} : { 'x-sallyport-csrf': call.csrf }),
      };
      const request = http.request(
        { host: '127.0.0.1', port, localAddress, method, path: `/api/v1/${path}`, headers },
        (response) => {
          const cookie = response.headers['set-cookie']?.map((one) => one.split(';')[0]).join('; ');
          if (cookie) call.cookie = cookie;
          let answer = '';
          response.setEncoding('utf8');
          response.on('data', (part) => {
            answer += part;
          });
          response.on('end', () => {
            if (response.statusCode >= 400)
              reject(new Error(`${method} ${path}: ${response.statusCode} ${answer.slice(0, 300)}`));
            else resolve(answer === '' ? undefined : JSON.parse(answer));
          });
        },
      );
      request.on('error', reject);
      request.end(text);
    });
  call.origin = origin;
  return call;
}

async function addHost(api, target, { name = 'bench-target' } = {}) {
  const host = await api('POST', 'hosts', { name, address: '127.0.0.1', port: target.port });
  const secret =
    target.privateKey === undefined
      ? { kind: 'password', password: 'x' }
      : { kind: 'key', privateKey: target.privateKey };
  const account = await api('POST', `hosts/${host.id}/accounts`, { login: targetLogin, secret });
  const test = await api('POST', `hosts/${host.id}/test`, {});
  await api('POST', `host-keys/${test.hostKey.id}/approve`);
  return { hostId: host.id, accountId: account.id ?? account.accounts?.at(-1)?.id };
}

/** One page: a WebSocket that carries up to 32 terminals and answers what it has parsed, as the console does. */
export function openPage(gateway) {
  return new Promise((resolve, reject) => {
    const { api, port } = gateway;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/v1/terminal`, 'sallyport.terminal.v1', {
      perMessageDeflate: false,
      headers: { origin: api.origin, cookie: api.cookie },
    });
    const terminals = new Map();
    let numbers = 0;
    socket.on('error', reject);
    socket.on('close', () => {
      for (const terminal of terminals.values()) terminal.failed(new Error('the socket closed'));
    });
    socket.on('message', (message) => {
      const terminal = terminals.get(message.readUInt16BE(1));
      const payload = message.subarray(HEADER_BYTES);
      switch (message[0]) {
        case FRAME.OUTPUT:
          terminal.onBytes(payload);
          terminal.owed += payload.length;
          if (terminal.owed < CREDIT_EVERY_BYTES) return;
          socket.send(frame(FRAME.CREDIT, terminal.number, number(terminal.owed)));
          terminal.owed = 0;
          return;
        case FRAME.OPENED:
          return terminal.opened(JSON.parse(payload));
        case FRAME.ENDED:
          terminal.ended?.();
          return terminal.failed(new Error(`ended: ${payload}`));
      }
    });
    const openSession = async (place, onBytes, ended) => {
      const { ticket } = await api('POST', 'tickets', place);
      const terminal = { number: ++numbers, owed: 0, onBytes, ended };
      terminals.set(terminal.number, terminal);
      const opened = new Promise((done, failed) => Object.assign(terminal, { opened: done, failed }));
      const request = Buffer.from(JSON.stringify({ ticket, cols: 80, rows: 24 }));
      socket.send(frame(FRAME.OPEN, terminal.number, request));
      const { sessionId } = await opened;
      return { sessionId, send: (text) => socket.send(frame(FRAME.INPUT, terminal.number, Buffer.from(text))) };
    };
    const open = async (place, onBytes) => (await openSession(place, onBytes)).send;
    socket.on('open', () => resolve({ open, openSession, close: () => socket.terminate() }));
  });
}

function frame(type, terminal, payload) {
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + payload.length);
  bytes[0] = type;
  bytes.writeUInt16BE(terminal, 1);
  payload.copy(bytes, HEADER_BYTES);
  return bytes;
}
function number(value) {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

/** The gateway as a system to compare: one page with one terminal per `open`. */
export async function gatewayPeer(directory, target, options) {
  const gateway = await startGateway(directory, options);
  const place = await gateway.addHost(target);
  return {
    ...gateway,
    place,
    open: async (onBytes) => {
      const page = await openPage(gateway);
      const { send, sessionId } = await page.openSession(place, onBytes);
      return { send, sessionId, close: page.close };
    },
  };
}

/** Several pages that together hold `count` terminals. */
export async function openMany(gateway, place, count, onBytes, atOnce = 8) {
  const pages = [];
  for (let at = 0; at < count; at += TERMINALS_PER_SOCKET) pages.push(await openPage(gateway));
  const sends = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) {
        const index = next++;
        sends[index] = await pages[Math.floor(index / TERMINALS_PER_SOCKET)].open(place, onBytes);
      }
    }),
  );
  return { sends, close: () => pages.map((page) => page.close()) };
}

/** Settings written to a file for runs that need a page's own sign-in. */
export const account = {
  name: 'bench',
  password: PASSWORD,
  writeTo: (path) => writeFileSync(path, PASSWORD, { mode: 0o600 }),
};
