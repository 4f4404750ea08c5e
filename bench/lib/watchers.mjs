/** Watchers of a session in processes of their own: of ours as people who may watch, of peers as sockets at /watch. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { apiClient } from './gateway.mjs';

const CHILD = fileURLToPath(new URL('watcher-child.mjs', import.meta.url));
const PASSWORD = 'Quiet-Harbour-51-Lantern';
const SOCKETS_PER_PERSON = 15; // one page each; the product lets a person have 16
const PER_CHILD = 500;

/** People who may watch, each from an address of its own: an address may hold so many connections. */
export async function watchingPeople(gateway, count) {
  gateway.people ??= [];
  while (gateway.people.length < count) {
    const n = gateway.people.length + 1;
    const name = `watcher-${n}`;
    await gateway.api('POST', 'users', { name, role: 'auditor', password: PASSWORD });
    const address = `127.0.1.${n}`;
    const api = apiClient(gateway.port, address);
    await api('POST', 'sign-in', { name, password: PASSWORD });
    api.csrf = (await api('GET', 'me')).csrf;
    gateway.people.push({ api, address });
  }
  return gateway.people.slice(0, count);
}

/** `count` watchers of a session, all shown its screen; `stalled` of them do not read their sockets from then on. */
export async function watchWith(system, sessionId, count, stalled = 0) {
  const wanted = Array.from({ length: count }, (_, n) => ({
    port: system.port,
    path: '/watch',
    address: '127.0.0.1',
    headers: { origin: `http://127.0.0.1:${system.port}` },
    stalled: n < stalled,
  }));
  if (sessionId !== undefined) {
    const people = await watchingPeople(system, Math.ceil(count / SOCKETS_PER_PERSON));
    for (const [n, one] of wanted.entries()) {
      const { api, address } = people[Math.floor(n / SOCKETS_PER_PERSON)];
      const { ticket } = await api('POST', `sessions/${sessionId}/watch-tickets`, {});
      const headers = { origin: api.origin, cookie: api.cookie, 'sec-websocket-protocol': 'sallyport.watch.v1' };
      Object.assign(one, { path: '/api/v1/watch', address, headers, ticket });
    }
  }
  const children = [];
  for (let at = 0; at < count; at += PER_CHILD) {
    const child = fork(CHILD, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    children.push(child);
    const opened = once(child, 'message');
    child.send(wanted.slice(at, at + PER_CHILD));
    const [answer] = await opened;
    if (answer !== 'open') throw new Error(`${system.name}: a watcher was not let in: ${answer.failed}`);
  }
  return {
    async count() {
      const sums = { bytes: 0, closed: 0 };
      for (const child of children) {
        const answered = once(child, 'message');
        child.send('count');
        const [{ bytes, closed }] = await answered;
        sums.bytes += bytes;
        sums.closed += closed;
      }
      return sums;
    },
    async close() {
      for (const child of children) {
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
    },
  };
}
