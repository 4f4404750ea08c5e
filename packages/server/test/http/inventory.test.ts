import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { problem } from '@sallyport/core/model/problem.js';
import type { AuditAnswer, HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { presentHostTest } from '../../src/edges/ingress/http-api/routes/host-test.js';
import type { HostTest } from '../../src/gateway/gateway.js';
import { codeOf, type Gate, openGate, type Person } from '../fixtures/http-gate.js';

const CANARY = 'canary-target-password-81';
let gate: Gate;
let admin: Person;
let operator: Person;
let folder: string;
beforeAll(async () => {
  gate = await openGate();
  admin = await gate.person('ada', 'admin');
  operator = await gate.person('olga', 'operator');
  folder = mkdtempSync(join(tmpdir(), 'sallyport-keys-'));
});
afterAll(async () => {
  await gate.close();
  rmSync(folder, { recursive: true, force: true });
});

const host = async (body: object): Promise<HostAnswer> => {
  const answer = await admin.ask('POST', 'hosts', { address: '127.0.0.1', ...body });
  expect(answer.status).toBe(201);
  return (await answer.json()) as HostAnswer;
};

test('hosts are added, changed and removed; the list is found by pinyin', async () => {
  const made = await host({ name: '北京网关-01', labels: { owner: '张敏' } });
  expect(made).toMatchObject({ port: 22, legacyAlgorithms: false, onRecordingFailure: 'end', accounts: [] });
  expect(made.pinyin).toContain('beijingwangguan');
  expect(made.pinyin).toMatch(/zhangmin.*bjwg.*zm/);
  expect(await codeOf(await admin.ask('POST', 'hosts', { name: '北京网关-01', address: 'x' }))).toBe('conflict');
  const changed = await admin.ask('PATCH', `hosts/${made.id}`, { port: 2222 });
  expect(await changed.json()).toMatchObject({ port: 2222, name: '北京网关-01', labels: { owner: '张敏' } });
  // V26: the audit log says what it was changed to.
  const guarded = await admin.ask('PATCH', `hosts/${made.id}`, { watcherRequired: true });
  expect([made.watcherRequired, ((await guarded.json()) as HostAnswer).watcherRequired]).toEqual([false, true]);
  const told = await admin.ask('GET', `audit?action=host.update&target=host:${made.id}`);
  expect(((await told.json()) as { items: readonly AuditAnswer[] }).items[0]).toMatchObject({
    detail: { changed: 'watcherRequired', watcherRequired: true },
  });
  expect((await operator.ask('GET', 'hosts')).status).toBe(200);
  expect(await codeOf(await operator.ask('PATCH', `hosts/${made.id}`, { port: 1 }))).toBe('auth.forbidden');
  expect((await admin.ask('DELETE', `hosts/${made.id}`)).status).toBe(204);
  expect((await admin.ask('GET', `hosts/${made.id}`)).status).toBe(404);
  expect(await gate.auditRows('access.denied')).toBe(1);
});

test('V6: hostile names are refused, and never become paths', async () => {
  for (const name of ['../../x', '%2e%2e', 'a\u0000b', 'x'.repeat(300), 'a/b', 'a\\b', '\u202eabc']) {
    expect((await admin.ask('POST', 'hosts', { name, address: 'x' })).status, name).toBe(400);
  }
  for (const id of ['..%2f..%2fetc%2fpasswd', '%2e%2e', '%00', 'x'.repeat(300), 'CON', '%ff']) {
    for (const path of [`hosts/${id}`, `recordings/${id}/content`, `sessions/${id}`]) {
      const { status } = await admin.ask('GET', path);
      expect([400, 404], `${path}: ${status}`).toContain(status);
    }
  }
  // Names that only look harmful are harmless: CON is a name like any other.
  expect((await host({ name: 'CON' })).name).toBe('CON');
});

test('W22, X4, V46: a secret goes in and never comes out; database and log hold none of it', async () => {
  const made = await host({ name: 'db1' });
  const path = join(folder, 'id');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', 'canary-passphrase', '-f', path]);
  const privateKey = readFileSync(path, 'utf8');
  const secrets = [
    { kind: 'password', password: CANARY },
    { kind: 'key', privateKey, passphrase: 'canary-passphrase' },
  ];
  for (const [i, secret] of secrets.entries()) {
    const answer = await admin.ask('POST', `hosts/${made.id}/accounts`, { login: `user${i}`, secret });
    expect(answer.status).toBe(201);
  }
  const wrong = { kind: 'key', privateKey, passphrase: 'canary-wrong' };
  const refused = await admin.ask('POST', `hosts/${made.id}/accounts`, { login: 'x', secret: wrong });
  expect(refused.status).toBe(422);
  const refusal = await refused.text();

  const { accounts } = (await (await admin.ask('GET', `hosts/${made.id}`)).json()) as HostAnswer;
  const shown = execFileSync('ssh-keygen', ['-lf', `${path}.pub`])
    .toString()
    .split(' ')[1];
  expect(accounts.find((one) => one.kind === 'key')?.keyFingerprint).toBe(shown);
  const first = accounts.find((one) => one.login === 'user0');
  const replaced = await admin.ask('PATCH', `accounts/${first?.id}`, {
    secret: { kind: 'password', password: `${CANARY}-2` },
  });
  expect(replaced.status).toBe(200);

  const lists = await Promise.all(
    ['hosts', `hosts/${made.id}`, 'audit', 'openapi.json', 'settings'].map(async (one) =>
      (await admin.ask('GET', one)).text(),
    ),
  );
  const keyBody = privateKey.split('\n')[2] ?? '';
  const texts = [...lists, refusal, gate.logged.join('\n')];
  for (const name of readdirSync(join(gate.folder, 'data'))) {
    texts.push(readFileSync(join(gate.folder, 'data', name)).toString('latin1'));
  }
  for (const text of texts) {
    for (const secret of ['canary', keyBody]) expect(text.includes(secret)).toBe(false);
  }
  expect((await admin.ask('DELETE', `accounts/${first?.id}`)).status).toBe(204);
});

test('a refused change of the inventory or of users names what it was asked on in the audit log', async () => {
  const made = await host({ name: 'guarded' });
  const id = '1'.repeat(26);
  const asked = [
    ['PATCH', `hosts/${made.id}`, { port: 1 }, `host:${made.id}`],
    ['DELETE', `hosts/${made.id}`, undefined, `host:${made.id}`],
    ['POST', `hosts/${made.id}/test`, {}, `host:${made.id}`],
    [
      'POST',
      `hosts/${made.id}/accounts`,
      { login: 'r', secret: { kind: 'password', password: 'x' } },
      `host:${made.id}`,
    ],
    ['PATCH', `accounts/${id}`, { login: 'root' }, `account:${id}`],
    ['DELETE', `accounts/${id}`, undefined, `account:${id}`],
    ['POST', `host-keys/${id}/approve`, undefined, `hostkey:${id}`],
    ['POST', `host-keys/${id}/reject`, undefined, `hostkey:${id}`],
    ['GET', `users/${admin.id}`, undefined, `user:${admin.id}`],
    ['PATCH', `users/${admin.id}`, { role: 'operator' }, `user:${admin.id}`],
    ['DELETE', `users/${admin.id}`, undefined, `user:${admin.id}`],
    ['POST', `users/${admin.id}/password`, { password: 'another good phrase' }, `user:${admin.id}`],
    ['DELETE', `users/${admin.id}/totp`, undefined, `user:${admin.id}`],
  ] as const;
  for (const [method, path, body, target] of asked) {
    expect((await operator.ask(method, path, body)).status, path).toBe(403);
    const [entry] = await gate.audit.list({ limit: 1 });
    expect(entry, path).toMatchObject({ action: 'access.denied', actor: 'olga', target });
  }
});

test('a host test without an account says what nobody tried', () => {
  const probe = { networkMs: 1, keyMs: 2, key: { algorithm: 'ssh-ed25519', publicKey: '', fingerprint: 'SHA256:x' } };
  const untried = (accounts: number, test: HostTest) => presentHostTest(test, undefined, accounts, 'en').untried;
  expect(untried(0, { probe })).toEqual({ steps: ['sign-in', 'shell'], reason: 'no-account' });
  expect(untried(2, { probe })?.reason).toBe('account-not-named');
  expect(untried(1, { probe, signIn: { ms: 1, shellMs: 1 } })).toBeUndefined();
  // A step that failed says by itself why none followed.
  expect(untried(0, { probe: { problem: problem('target.refused', { address: 'x' }) } })).toBeUndefined();
});

test('a host test tells the first step that fails, and a host or account in use is not removed', async () => {
  const made = await host({ name: 'closed', port: 1 });
  const tested = await admin.ask('POST', `hosts/${made.id}/test`, {});
  expect(await tested.json()).toMatchObject({
    steps: [{ step: 'network', state: 'failed' }],
    problem: { code: 'target.refused' },
  });
  expect((await operator.ask('POST', `hosts/${made.id}/test`)).status).toBe(403);

  const session = await gate.recorded(operator, ['x']);
  const open = { ...session, id: `${session.id.slice(0, 25)}0`, hostId: made.id, state: 'live' as const };
  await gate.sessions.create(open);
  expect(await codeOf(await admin.ask('DELETE', `hosts/${made.id}`))).toBe('conflict.in-use');
  expect(await codeOf(await admin.ask('DELETE', `users/${operator.id}`))).toBe('conflict.in-use');
  const over = { state: 'ended', reason: { kind: 'shutdown' }, endedAt: 1, outputBytes: 0 } as const;
  await gate.sessions.setOver(open.id, over);
  expect((await admin.ask('DELETE', `hosts/${made.id}`)).status).toBe(204);
});

test('W12: a host key is decided by an administrator, with an audit row', async () => {
  const made = await host({ name: 'keyed' });
  const key = {
    id: 'k'.repeat(26),
    hostId: made.id,
    algorithm: 'ssh-ed25519',
    fingerprint: `SHA256:${'a'.repeat(43)}`,
    publicKey: 'AAAA',
    state: 'pending' as const,
    firstSeenAt: 1,
  };
  await gate.directory.see(key);
  expect((await operator.ask('POST', `host-keys/${key.id}/approve`)).status).toBe(403);
  const approved = await admin.ask('POST', `host-keys/${key.id}/approve`);
  expect(await approved.json()).toMatchObject({ state: 'approved', decidedBy: 'ada' });
  expect(await (await admin.ask('POST', `host-keys/${key.id}/reject`)).json()).toMatchObject({ state: 'rejected' });
  expect(await gate.auditRows('hostkey.approve')).toBe(1);
});
