import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createLimitedServer, REQUEST_TIMEOUT_MS } from '../../src/edges/ingress/http-api/limited-server.js';
import { codeOf, type Gate, openGate, PASSWORD, type Person } from '../fixtures/http-gate.js';
import { rawRequest } from '../fixtures/raw-http.js';

let gate: Gate;
let admin: Person;
beforeAll(async () => {
  gate = await openGate();
  admin = await gate.person('ada', 'admin');
});
afterAll(() => gate.close());

const post = (path: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}) =>
  fetch(`${gate.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: gate.url, ...headers },
    body,
  });
const as = (person: Person) => ({ cookie: person.cookie, 'x-sallyport-csrf': person.csrf });

test('V10: a body of a gigabyte to the sign-in is refused within its first megabyte', async () => {
  const head = `POST /api/v1/sign-in HTTP/1.1\nhost: 127.0.0.1\ncontent-type: application/json\n`;
  const announced = await rawRequest(gate.port, `${head}content-length: 1073741824\n\n`);
  expect(announced.status).toBe(413);
  expect(announced.head.toLowerCase()).toContain('connection: close');

  const piece = Buffer.alloc(64 * 1024, 'a');
  const chunk = Buffer.concat([Buffer.from('10000\r\n'), piece, Buffer.from('\r\n')]);
  function* gigabyte() {
    for (let i = 0; i < 16_384; i++) yield chunk;
  }
  const streamed = await rawRequest(gate.port, `${head}transfer-encoding: chunked\n\n`, gigabyte());
  expect(streamed.status).toBe(413);
  expect(streamed.body).toContain('request.too-large');
  expect(streamed.sentBytes).toBeLessThan(8 * 1024 * 1024); // socket buffers of both sides included
});

test('V10: who may not ask is refused before the body is read', async () => {
  const head = `POST /api/v1/hosts HTTP/1.1\nhost: 127.0.0.1\ncontent-type: application/json\ncontent-length: 1073741824\n\n`;
  const refused = await rawRequest(gate.port, head);
  expect(refused.status).toBe(401);
  expect(refused.head.toLowerCase()).toContain('connection: close');
});

test('V29: two thousand headers, a 64 KB header and a broken request are refused, and the server lives', async () => {
  const many = Array.from({ length: 2000 }, (_, i) => `x${i}: 1`).join('\n');
  expect((await rawRequest(gate.port, `GET /api/v1/status HTTP/1.1\nhost: a\n${many}\n\n`)).status).toBe(431);
  const few = Array.from({ length: 200 }, (_, i) => `x${i}: 1`).join('\n');
  expect((await rawRequest(gate.port, `GET /api/v1/status HTTP/1.1\nhost: a\n${few}\n\n`)).status).toBe(431);
  const long = `x: ${'a'.repeat(64 * 1024)}`;
  expect((await rawRequest(gate.port, `GET /api/v1/status HTTP/1.1\nhost: a\n${long}\n\n`)).status).toBe(431);
  expect((await rawRequest(gate.port, `G\x00T / HTTP/1.1\nhost: a\n\n`)).status).toBe(400);
  expect((await rawRequest(gate.port, `GET /api/v1/status HTTP/1.1\n\n`)).status).toBe(400);
  expect((await fetch(`${gate.url}/healthz`)).status).toBe(200);
});

test('V44, F13: keys that reach for a prototype, and what is no JSON object, are 400; the prototype stays', async () => {
  const bodies = [
    '{"__proto__":{"admin":true}}',
    '{"constructor":{"prototype":{"admin":true}}}',
    '{"name":"x","labels":{"__proto__":"y"}}',
    '{"name":"x","labels":{"constructor":"y"}}',
    '[1]',
    '"x"',
    'null',
    '17',
    '{',
    '{"a":1}}',
    '\ufeff{}',
    `${'['.repeat(30_000)}`,
    'name=x',
  ];
  for (const body of bodies) {
    for (const path of ['sign-in', 'setup', 'hosts']) {
      const answer = await post(path, body, as(admin));
      expect(answer.status, `${path} ${body.slice(0, 40)}`).toBe(400);
      expect(await codeOf(answer)).toBe('request.invalid');
    }
  }
  expect((await post('sign-in', new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).status).toBe(400);
  expect((await post('sign-in', '{}', { 'content-type': 'text/plain' })).status).toBe(400);
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false);
  for (const query of [
    '__proto__=1',
    '__proto__[x]=1',
    'limit=0',
    'limit=x',
    'limit=1&limit=2',
    'unknown=1',
    'state=x',
  ]) {
    expect((await admin.ask('GET', `sessions?${query}`)).status, query).toBe(400);
  }
});

test('invalid fields are named, in the language asked for, and their values are not repeated', async () => {
  const ask = (language: string) =>
    post('hosts', '{"name":"a b","address":"canary value","port":99999}', {
      ...as(admin),
      'accept-language': language,
    });
  const english = await (await ask('en')).text();
  expect(JSON.parse(english)).toMatchObject({ status: 400, code: 'request.invalid' });
  expect(JSON.parse(english).fields.map((one: { path: string }) => one.path)).toEqual(['name', 'address', 'port']);
  expect(english).not.toContain('canary');
  const chinese = await ask('fr, zh-CN;q=0.9, en;q=0.5');
  expect(chinese.headers.get('content-type')).toBe('application/problem+json');
  expect(chinese.headers.get('content-language')).toBe('zh-CN');
  expect(((await chinese.json()) as { title: string }).title).toMatch(/^请求无效/);
});

test('V30: a changing request from another site is refused, with and without a cookie', async () => {
  const origins = [
    'https://evil.example',
    'null',
    `${gate.url}.evil.example`,
    `http://127.0.0.1:${gate.port + 1}`,
    `https://127.0.0.1:${gate.port}`,
    `http://localhost:${gate.port}`,
  ];
  for (const origin of origins) {
    expect(await codeOf(await post('sign-in', '{}', { origin })), origin).toBe('request.origin');
    expect(await codeOf(await admin.ask('POST', 'hosts', {}, { origin })), origin).toBe('request.origin');
  }
  // A browser that sends no Origin still says where it stands.
  const head = (extra: string) =>
    `POST /api/v1/sign-out HTTP/1.1\nhost: 127.0.0.1:${gate.port}\ncookie: ${admin.cookie}\nx-sallyport-csrf: ${admin.csrf}\n${extra}content-length: 0\n\n`;
  const crossSite = await rawRequest(gate.port, head('sec-fetch-site: cross-site\n'));
  expect(crossSite.status).toBe(403);
});

test('V30: a name that was pointed at us is not ours', async () => {
  const rebound = `POST /api/v1/sign-in HTTP/1.1\nhost: evil.example:${gate.port}\norigin: http://evil.example:${gate.port}\ncontent-type: application/json\ncontent-length: 2\n\n{}`;
  expect((await rawRequest(gate.port, rebound)).status).toBe(403);
});

test('V30: the anti-forgery header is needed with a cookie and must be the sign-in’s own', async () => {
  const other = await gate.person('oscar', 'admin');
  for (const csrf of ['', 'x', admin.csrf.slice(1), other.csrf]) {
    const answer = await admin.ask('PATCH', 'me', { displayName: 'x' }, { 'x-sallyport-csrf': csrf });
    expect(answer.status).toBe(403);
    expect(await codeOf(answer)).toBe('request.csrf');
  }
  expect((await admin.ask('PATCH', 'me', { displayName: 'Ada' })).status).toBe(200);
});

test('V30, W6: the terminal’s upgrade needs our Origin and the cookie', async () => {
  const upgrade = (headers: Record<string, string>) =>
    gate.api.authenticateUpgrade({ headers, socket: { remoteAddress: '127.0.0.1' } } as never);
  const host = `127.0.0.1:${gate.port}`;
  const { cookie } = admin;
  expect(await upgrade({ host, cookie, origin: gate.url })).toMatchObject({ ok: true });
  const refused: Record<string, string>[] = [
    { host, cookie },
    { host, cookie, origin: 'null' },
    { host, cookie, origin: 'https://evil.example' },
    { host: 'evil.example', cookie, origin: 'http://evil.example' },
    { host, cookie, origin: `http://127.0.0.1:${gate.port + 1}` },
    { host, origin: gate.url },
    { host, origin: gate.url, cookie: `${cookie}x` },
  ];
  for (const headers of refused) expect(await upgrade(headers), JSON.stringify(headers)).toMatchObject({ ok: false });
});

test('V18: who is not a trusted proxy cannot choose the address in the audit log', async () => {
  const attempt = { name: 'nobody-at-all', password: 'x' };
  await post('sign-in', JSON.stringify(attempt), { 'x-forwarded-for': '1.2.3.4', forwarded: 'for=1.2.3.4' });
  const [row] = await gate.audit.list({ limit: 1, action: 'sign-in.failed' });
  expect(row).toMatchObject({ actor: 'nobody-at-all', source: '127.0.0.1' });
});

test('V20: no answer ever redirects', async () => {
  for (const next of ['javascript:alert(1)', '//evil.example', '/\\evil.example', 'https://127.0.0.1.evil.example']) {
    const path = `${gate.url}/sign-in?next=${encodeURIComponent(next)}&to=${encodeURIComponent(next)}`;
    const answer = await fetch(path, { redirect: 'manual' });
    expect(answer.status < 300 || answer.status >= 400).toBe(true);
    expect(answer.headers.get('location')).toBeNull();
  }
});

test('V33, V46: the log is one escaped JSON line per request, without query, cookie, token, name or password', async () => {
  const evil = '\u001b]0;x\u0007\r\nINFO admin login\u009b31m';
  gate.logged.length = 0;
  await post('sign-in', JSON.stringify({ name: evil, password: 'canary-password-1' }));
  await admin.ask('GET', 'sessions?q=canary-query');
  await fetch(`${gate.url}/api/v1/hosts`, { headers: { authorization: `Bearer sp_${'c'.repeat(43)}` } });
  await rawRequest(gate.port, `GET /\x9b31m\x80 HTTP/1.1\nhost: a\nuser-agent: \x1b[31m\n\n`);
  await expect.poll(() => gate.logged.length).toBeGreaterThanOrEqual(3);
  const text = gate.logged.join('\n');
  for (const secret of ['canary', 'cccc', admin.cookie.split('=')[1] ?? '', admin.csrf, PASSWORD, 'INFO']) {
    expect(text).not.toContain(secret);
  }
  for (const line of gate.logged) {
    expect(line).toMatch(/^[\x20-\x7e]+$/);
    expect(JSON.parse(line)).toMatchObject({ msg: expect.any(String) });
  }
});

test('V31: a check that throws is a refusal; the answer has a reference and nothing of the failure', async () => {
  const identity = {
    ...gate.identity,
    bySignIn: () => Promise.reject(new Error('canary detail of the store')),
    byToken: () => {
      throw new Error('canary detail of the store');
    },
  };
  const broken = await openGate({ identity });
  try {
    for (const headers of [{ cookie: `sallyport-loopback=${'a'.repeat(43)}` }, { authorization: 'Bearer sp_x' }]) {
      const answer = await fetch(`${broken.url}/api/v1/me`, { headers: headers as Record<string, string> });
      expect(answer.status).toBe(500);
      const text = await answer.text();
      expect(text).not.toContain('canary');
      expect(broken.logged.join()).toContain((JSON.parse(text) as { params: { reference: string } }).params.reference);
    }
  } finally {
    await broken.close();
  }
});

test('F12, V11: half-open connections give way; a person behind the same address still gets in at once', async () => {
  const sockets: Socket[] = [];
  for (let i = 0; i < 700; i++) {
    const socket = connect(gate.port, '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write('POST /api/v1/sign-in HTTP/1.1\r\nhost: a\r\n');
    sockets.push(socket);
  }
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve) => {
          if (socket.readyState === 'open' || socket.destroyed) return resolve();
          socket.once('connect', resolve).once('close', () => resolve());
        }),
    ),
  );
  const started = performance.now();
  const answer = await post('sign-in', JSON.stringify({ name: 'ada', password: PASSWORD }));
  expect(answer.status).toBe(200);
  expect(performance.now() - started).toBeLessThan(3000);
  await expect.poll(() => sockets.filter((socket) => !socket.destroyed).length).toBeLessThanOrEqual(512);
  for (const socket of sockets) socket.destroy();
});

test('F12: a body that trickles is cut when its time is over, however busily', async () => {
  const limited = createLimitedServer(
    (request) => {
      limited.allowTime(request, 200);
      request.resume();
    },
    undefined,
    () => false,
  );
  limited.server.listen(0, '127.0.0.1');
  await once(limited.server, 'listening');
  const socket = connect((limited.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n');
  const trickle = setInterval(() => socket.write('x'), 20);
  socket.on('error', () => {});
  const [answer] = (await once(socket, 'data')) as [Buffer];
  clearInterval(trickle);
  expect(answer.toString()).toMatch(/^HTTP\/1\.1 408 /);
  socket.destroy();
  limited.server.close();
});

test('F12: a request that trickles is cut by the server’s timers', () => {
  const { server } = gate.api;
  expect(server.headersTimeout).toBeLessThanOrEqual(10_000);
  expect(REQUEST_TIMEOUT_MS).toBe(30_000);
  expect(server.keepAliveTimeout).toBeLessThanOrEqual(60_000);
});
