import { Secret, TOTP } from 'otpauth';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { codeOf, type Gate, openGate, PASSWORD, type Person } from '../fixtures/http-gate.js';

let gate: Gate;
let admin: Person;
beforeAll(async () => {
  gate = await openGate();
});
afterAll(() => gate.close());

const post = (path: string, body: object) =>
  fetch(`${gate.url}/api/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: gate.url },
    body: JSON.stringify(body),
  });

test('V2: ten completions of the first setup at once make one administrator, who is signed in', async () => {
  expect(await (await fetch(`${gate.url}/api/v1/status`)).json()).toMatchObject({ setUp: false, product: 'sallyport' });
  const { token } = await gate.identity.issueSetupToken();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => post('setup', { token, name: `root${i}`, password: PASSWORD })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
  expect(await gate.directory.users()).toHaveLength(1);
  const first = answers.find(({ status }) => status === 201);
  const cookie = first?.headers.getSetCookie()[0] ?? '';
  // V27: plain HTTP is loopback; `__Host-` and Secure are for TLS.
  expect(cookie).toMatch(/^sallyport-loopback=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(await first?.json()).toMatchObject({ user: { role: 'admin' }, may: expect.arrayContaining(['user.write']) });
  expect(await (await fetch(`${gate.url}/api/v1/status`)).json()).toMatchObject({ setUp: true });
  expect(await gate.auditRows('setup.complete')).toBe(1);
  admin = await gate.person('ada', 'admin');
});

test('W30: failed sign-ins are 401 with one code, too many 429 with Retry-After', async () => {
  const wrong = await post('sign-in', { name: 'ada', password: 'wrong password' });
  const unknown = await post('sign-in', { name: 'nobody', password: 'wrong password' });
  expect([wrong.status, unknown.status]).toEqual([401, 401]);
  expect(await wrong.text()).toBe(await unknown.text());
  let last = wrong;
  for (let i = 0; i < 3; i++) last = await post('sign-in', { name: 'mallory', password: 'wrong password' });
  last = await post('sign-in', { name: 'mallory', password: 'wrong password' });
  expect(last.status).toBe(429);
  expect(last.headers.get('retry-after')).toBe('1');
  expect(await last.json()).toMatchObject({ code: 'auth.slow-down', params: { seconds: '1' } });
});

test('sign-out ends the sign-in and clears the cookie', async () => {
  const person = await gate.person('sid', 'operator');
  expect((await person.ask('GET', 'me')).status).toBe(200);
  const out = await person.ask('POST', 'sign-out');
  expect(out.status).toBe(204);
  expect(out.headers.getSetCookie()[0]).toContain('Max-Age=0');
  expect(await codeOf(await person.ask('GET', 'me'))).toBe('auth.required');
  expect(await gate.auditRows('sign-in.ended')).toBe(1);
});

test('V16: an API token acts for its user, and cannot make itself stronger', async () => {
  const made = (await (await admin.ask('POST', 'me/tokens', { name: 'ci', days: 1 })).json()) as {
    id: string;
    token: string;
  };
  const asToken = (method: string, path: string, body?: object) =>
    fetch(`${gate.url}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${made.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  expect(await (await asToken('GET', 'me')).json()).toMatchObject({ user: { name: 'ada' }, csrf: '' });
  expect((await asToken('GET', 'users')).status).toBe(200);
  for (const [method, path, body] of [
    ['POST', 'me/tokens', { name: 'more', days: 366 }],
    ['POST', 'me/password', { current: PASSWORD, next: 'another good phrase' }],
    ['POST', 'me/totp', {}],
    ['DELETE', 'me/totp', { password: PASSWORD }],
  ] as const) {
    expect((await asToken(method, path, body)).status, path).toBe(403);
  }
  const listed = await (await admin.ask('GET', 'me/tokens')).text();
  expect(listed).not.toContain(made.token);
  expect(JSON.parse(listed).items[0]).toMatchObject({ id: made.id, lastUsedAt: expect.any(Number) });
  // V4, W5: another's token is an unknown one.
  const other = await gate.person('olga', 'admin');
  expect((await other.ask('DELETE', `me/tokens/${made.id}`)).status).toBe(404);
  expect((await admin.ask('DELETE', `me/tokens/${made.id}`)).status).toBe(204);
  // A program is told that its token came and was refused, not that it sent none.
  expect(await codeOf(await asToken('GET', 'me'))).toBe('auth.token-refused');
});

test('V40: a token revokes itself, once, and a sign-in has no token of its own to revoke', async () => {
  const made = (await (await admin.ask('POST', 'me/tokens', { name: 'laptop', days: 1 })).json()) as {
    id: string;
    token: string;
  };
  const authorization = `Bearer ${made.token}`;
  const leave = () => fetch(`${gate.url}/api/v1/me/tokens/current`, { method: 'DELETE', headers: { authorization } });
  const before = await gate.auditRows('token.revoke');
  expect((await leave()).status).toBe(204);
  expect(await codeOf(await leave())).toBe('auth.token-refused');
  expect(await gate.auditRows('token.revoke')).toBe(before + 1);
  expect(await codeOf(await admin.ask('DELETE', 'me/tokens/current'))).toBe('not-found');
});

test('X31: users are added, changed, refused and removed; names are unique without regard to case', async () => {
  const make = (body: object) => admin.ask('POST', 'users', { role: 'operator', password: PASSWORD, ...body });
  const bob = (await (await make({ name: 'Bob', displayName: '鲍勃' })).json()) as { id: string };
  expect(await codeOf(await make({ name: 'bOB' }))).toBe('conflict');
  expect(await codeOf(await make({ name: 'weak', password: 'short' }))).toBe('auth.password-weak');
  for (const name of ['a%b', 'a b', '', 'x'.repeat(65), 'a\u0000b', '../../x', 'a@b']) {
    expect((await make({ name })).status, name).toBe(400);
  }
  const page = await (await admin.ask('GET', 'users')).text();
  expect(page).toContain('鲍勃');
  expect(page).not.toContain('argon2');
  expect(await (await admin.ask('GET', `users/${bob.id}`)).json()).toMatchObject({ name: 'Bob', role: 'operator' });
  expect((await admin.ask('PATCH', `users/${bob.id}`, { displayName: 'B' })).status).toBe(200);
  expect((await admin.ask('PATCH', `users/${bob.id}`, { name: 'Rob' })).status).toBe(400);
  expect((await admin.ask('DELETE', `users/${bob.id}`)).status).toBe(204);
  expect((await admin.ask('GET', `users/${bob.id}`)).status).toBe(404);
});

test('V40: switching off, a new role and a reset password end the user’s sign-ins at once', async () => {
  const revoked: string[] = [];
  const stop = gate.identity.onRevoked((id) => revoked.push(id));
  for (const [i, change] of [{ active: false }, { role: 'auditor' }].entries()) {
    const person = await gate.person(`victim${i}`, 'operator');
    expect((await person.ask('GET', 'me')).status).toBe(200);
    expect((await admin.ask('PATCH', `users/${person.id}`, change)).status).toBe(200);
    expect((await person.ask('GET', 'me')).status).toBe(401);
    expect(revoked).toEqual([person.id]);
    revoked.length = 0;
  }
  const person = await gate.person('victim9', 'operator');
  const password = 'a fresh good phrase';
  expect((await admin.ask('POST', `users/${person.id}/password`, { password })).status).toBe(204);
  expect((await person.ask('GET', 'me')).status).toBe(401);
  expect((await post('sign-in', { name: 'victim9', password })).status).toBe(200);
  stop();
});

test('the last administrator stays', async () => {
  const admins = (await gate.directory.users()).filter((user) => user.role === 'admin' && user.active);
  for (const { id } of admins.filter((user) => user.name !== 'ada')) {
    expect((await admin.ask('PATCH', `users/${id}`, { role: 'auditor' })).status).toBe(200);
  }
  for (const change of [{ active: false }, { role: 'operator' }]) {
    expect(await codeOf(await admin.ask('PATCH', `users/${admin.id}`, change))).toBe('conflict.last-admin');
  }
  expect(await codeOf(await admin.ask('DELETE', `users/${admin.id}`))).toBe('conflict.last-admin');
});

test('TOTP by the API: begin, confirm, sign in with code and recovery code, remove', async () => {
  const person = await gate.person('tina', 'operator');
  const { secret } = (await (await person.ask('POST', 'me/totp')).json()) as { secret: string };
  const totp = new TOTP({ secret: Secret.fromBase32(secret) });
  expect((await person.ask('POST', 'me/totp/confirm', { code: '000000' })).status).toBe(400);
  const confirmed = await person.ask('POST', 'me/totp/confirm', { code: totp.generate() });
  const { codes } = (await confirmed.json()) as { codes: string[] };
  expect(codes).toHaveLength(10);
  expect(await (await person.ask('GET', 'me')).json()).toMatchObject({ user: { totpEnabled: true } });
  const attempt = { name: 'tina', password: PASSWORD };
  expect(await codeOf(await post('sign-in', attempt))).toBe('auth.totp-required');
  expect((await post('sign-in', { ...attempt, code: codes[3] })).status).toBe(200);
  expect(await codeOf(await post('sign-in', { ...attempt, code: codes[3] }))).toBe('auth.failed');
  expect((await person.ask('DELETE', 'me/totp', { password: PASSWORD })).status).toBe(204);
  expect((await post('sign-in', attempt)).status).toBe(200);
  expect(await gate.auditRows('recovery-code.use')).toBe(1);
});

test('an administrator turns off the TOTP of somebody who lost the authenticator', async () => {
  const [person, auditor] = [await gate.person('theo', 'operator'), await gate.person('ava', 'auditor')];
  const { secret } = (await (await person.ask('POST', 'me/totp')).json()) as { secret: string };
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  expect((await person.ask('POST', 'me/totp/confirm', { code })).status).toBe(200);
  const attempt = { name: 'theo', password: PASSWORD };
  expect(await codeOf(await post('sign-in', attempt))).toBe('auth.totp-required');

  for (const one of [person, auditor]) {
    expect(await codeOf(await one.ask('DELETE', `users/${person.id}/totp`))).toBe('auth.forbidden');
  }
  const before = await gate.auditRows('totp.disable');
  expect((await admin.ask('DELETE', `users/${person.id}/totp`)).status).toBe(204);
  expect((await post('sign-in', attempt)).status).toBe(200);
  expect(await (await admin.ask('GET', `users/${person.id}`)).json()).toMatchObject({ totpEnabled: false });
  expect((await admin.ask('DELETE', `users/${person.id}/totp`)).status).toBe(404);
  expect(await gate.auditRows('totp.disable')).toBe(before + 1);
  const [row] = await gate.audit.list({ limit: 1, action: 'totp.disable' });
  expect(row).toMatchObject({ actor: 'ada', actorId: admin.id, target: `user:${person.id}` });
});

test('one’s own language, name and password', async () => {
  const person = await gate.person('lin', 'operator');
  const changed = await person.ask('PATCH', 'me', { language: 'zh-CN', displayName: '林' });
  expect(await changed.json()).toMatchObject({ user: { language: 'zh-CN', displayName: '林' }, csrf: person.csrf });
  expect((await person.ask('PATCH', 'me', { role: 'admin' })).status).toBe(400);
  const next = 'another good phrase';
  expect((await person.ask('POST', 'me/password', { current: PASSWORD, next })).status).toBe(204);
  expect((await person.ask('GET', 'me')).status).toBe(200);
  expect((await post('sign-in', { name: 'LIN', password: next })).status).toBe(200);
});
