/** V1: the list of routes is taken from the router, so a new one cannot be missed. */
import { request } from 'node:http';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Gate, openGate, type Person } from '../fixtures/http-gate.js';

/** Whoever adds to this list says why. */
const PUBLIC = [
  'GET /healthz', // liveness
  'HEAD /healthz',
  'GET /readyz', // readiness
  'HEAD /readyz',
  'GET /api/v1/status', // the page must know whether to show setup or sign-in
  'HEAD /api/v1/status',
  'GET /api/v1/openapi.json', // the document, no data
  'HEAD /api/v1/openapi.json',
  'GET /api/v1/signing-keys', // public halves: who holds a recording checks it without an account
  'HEAD /api/v1/signing-keys',
  'POST /api/v1/setup', // needs the one-use token
  'POST /api/v1/sign-in',
];
const ID = '0'.repeat(26);

let gate: Gate;
let operator: Person;
beforeAll(async () => {
  gate = await openGate();
  operator = await gate.person('olga', 'operator');
});
afterAll(() => gate.close());

/** The path exactly as written: fetch would tidy it up. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: gate.port, method, path, headers }, (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

const guarded = () => gate.api.routes.filter(({ method, url }) => !PUBLIC.includes(`${method} ${url}`));

test('V1: the public routes are these and no others', () => {
  const known = gate.api.routes.map(({ method, url }) => `${method} ${url}`);
  expect(guarded().length).toBeGreaterThan(40);
  expect(PUBLIC.filter((one) => !known.includes(one))).toEqual([]);
});

test('V1: every other route refuses without a credential, however its path is written', async () => {
  const wrong: string[] = [];
  for (const { method, url } of guarded()) {
    const path = url.replaceAll(/:(?:id|noteId)\b/g, ID);
    const variants = [
      path,
      `${path}/`,
      `${path}.json`,
      `${path};x`,
      `${path};x=1/`,
      `${path}?id=1`,
      `${path}%00`,
      `${path}%2f`,
      `/${path}`,
      path.replace('/v1/', '/v1//'),
      path.toUpperCase(),
      path.replace('/api', '/API'),
      path.replace('/api', '/%61pi'),
      path.replace('/v1/', '/v1/./'),
      path.replace('/v1/', '/v1/../v1/'),
    ];
    for (const variant of variants) {
      const { status } = await ask(method, variant);
      if (status !== 401 && status !== 403) wrong.push(`${method} ${variant}: ${status}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('V31: missing, empty, malformed and unknown credentials are all refused, also beside a good one', async () => {
  const bearer = (value: string) => ({ authorization: value });
  const tries: Record<string, string>[] = [
    {},
    { cookie: '' },
    { cookie: 'sallyport-loopback=' },
    { cookie: `sallyport-loopback=${'A'.repeat(43)}` },
    { cookie: `__Host-sallyport=${operator.cookie.split('=')[1]}` },
    bearer(''),
    bearer('Bearer'),
    bearer('Bearer '),
    bearer('Bearer undefined'),
    bearer(`Bearer sp_${'A'.repeat(43)}`),
    bearer('Basic YWRtaW46YWRtaW4='),
    { ...bearer('Bearer '), cookie: operator.cookie },
    { ...bearer(`Bearer sp_${'A'.repeat(43)}`), cookie: operator.cookie },
  ];
  for (const headers of tries) {
    expect((await ask('GET', '/api/v1/me', headers)).status, JSON.stringify(headers)).toBe(401);
  }
  expect((await ask('GET', '/api/v1/me', { cookie: operator.cookie })).status).toBe(200);
});

test('W5, X37: an operator gets from every route what the role allows, and no server error from any', async () => {
  const seen: Record<string, number> = {};
  for (const { method, url } of guarded()) {
    if (url.endsWith('/sign-out') || method === 'HEAD') continue;
    const path = url.replaceAll(/:(?:id|noteId)\b/g, ID);
    const headers = { cookie: operator.cookie, 'x-sallyport-csrf': operator.csrf, origin: gate.url };
    const { status, body } = await ask(method, path, headers);
    expect(status, `${method} ${path} ${body}`).toBeLessThan(500);
    seen[`${method} ${url}`] = status;
  }
  for (const route of ['GET /api/v1/users', 'GET /api/v1/audit', 'GET /api/v1/settings', 'DELETE /api/v1/hosts/:id']) {
    expect(seen[route], route).toBe(403);
  }
  for (const route of ['GET /api/v1/sessions/:id', 'GET /api/v1/recordings/:id', 'POST /api/v1/sessions/:id/end']) {
    expect(seen[route], route).toBe(404);
  }
  const unknown = await ask('POST', '/api/v1/drop', { cookie: operator.cookie, 'x-sallyport-csrf': operator.csrf });
  expect(unknown.status).toBe(404);
});
