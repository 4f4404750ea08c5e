import { randomBytes } from 'node:crypto';
import type { Result } from '@sallyport/core/model/problem.js';
import { Secret, TOTP } from 'otpauth';
import { beforeEach, expect, test } from 'vitest';
import { type FakeClock, fakeClock } from '../../../test/fixtures/fake-clock.js';
import { type MemoryIdentityPorts, memoryIdentityPorts } from '../../../test/fixtures/memory-identity-ports.js';
import type { AuditLog } from '../../gateway/ports/audit-log.js';
import { createIdentity } from './identity.js';

const PASSWORD = 'correct horse battery';
const MINUTE = 60_000;
let clock: FakeClock;
let ports: MemoryIdentityPorts;
let identity: ReturnType<typeof createIdentity>;

const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.problem.code);
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
};
const signIn = (name: string, password: string, address = '192.0.2.1', code?: string) =>
  identity.signIn({ name, password, address, userAgent: 'test', ...(code === undefined ? {} : { code }) });

async function setUp() {
  const { token } = await identity.issueSetupToken();
  return must(await identity.completeSetup(token, 'alice', 'Alice', PASSWORD));
}

beforeEach(() => {
  clock = fakeClock();
  ports = memoryIdentityPorts();
  const audit = ports.audit as unknown as AuditLog;
  identity = createIdentity({ ...ports, audit, clock, random: (n) => new Uint8Array(randomBytes(n)) });
});

test('V2: a setup token works once, for 15 minutes, and ten wrong tries kill it', async () => {
  const first = await identity.issueSetupToken();
  expect(first.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  clock.advance(15 * MINUTE);
  expect(codeOf(await identity.completeSetup(first.token, 'alice', '', PASSWORD))).toBe('setup.link-invalid');

  const second = await identity.issueSetupToken();
  for (let i = 0; i < 10; i++) {
    expect(codeOf(await identity.completeSetup('x'.repeat(43), 'alice', '', PASSWORD))).toBe('setup.link-invalid');
  }
  expect(codeOf(await identity.completeSetup(second.token, 'alice', '', PASSWORD))).toBe('setup.link-invalid');

  const third = await identity.issueSetupToken();
  expect(codeOf(await identity.completeSetup(third.token, 'alice', '', 'short'))).toBe('auth.password-weak');
  expect(codeOf(await identity.completeSetup(third.token, 'alice', '', PASSWORD))).toBe('ok');
  expect(codeOf(await identity.completeSetup(third.token, 'mallory', '', PASSWORD))).toBe('setup.done');
});

test('V2: ten setup completions at once make exactly one administrator', async () => {
  const { token } = await identity.issueSetupToken();
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, (_, i) => identity.completeSetup(token, `admin${i}`, '', PASSWORD)),
  );
  expect(outcomes.filter((one) => one.ok)).toHaveLength(1);
  expect(await ports.users.users()).toHaveLength(1);
});

test('S59: alive at 14 minutes idle, request, 14 minutes idle; dead after 15; the store is written at most once a minute', async () => {
  await setUp();
  const { token } = must(await signIn('alice', PASSWORD));
  const ask = async () => codeOf(await identity.bySignIn(token, '192.0.2.1'));
  clock.advance(14 * MINUTE);
  expect(await ask()).toBe('ok');
  clock.advance(14 * MINUTE);
  expect(await ask()).toBe('ok');
  const written = ports.store.extensions;
  for (let i = 0; i < 50; i++) {
    clock.advance(1000);
    expect(await ask()).toBe('ok');
  }
  expect(ports.store.extensions).toBe(written);
  // Idle counts from the last request, though the row was not written for it.
  clock.advance(15 * MINUTE - 1);
  expect(await ask()).toBe('ok');
  clock.advance(15 * MINUTE);
  expect(await ask()).toBe('auth.expired');
});

test('S59: 256-bit tokens, of which only the SHA-256 is stored', async () => {
  await setUp();
  const { token, csrf } = must(await signIn('alice', PASSWORD));
  expect(Buffer.from(token, 'base64url')).toHaveLength(32);
  expect(JSON.stringify([...ports.store.signIns.values()])).not.toContain(token);
  expect(csrf).not.toBe(token);
  expect(codeOf(await identity.bySignIn('', 'a'))).toBe('auth.required');
  expect(codeOf(await identity.bySignIn('x'.repeat(43), 'a'))).toBe('auth.required');
});

test('V38: known and unknown names, active or not, get the same answer', async () => {
  const alice = await setUp();
  const known = await signIn('alice', 'wrong password!');
  const unknown = await signIn('nobody', 'wrong password!');
  expect(known).toEqual(unknown);
  await ports.users.updateUser(alice.id, { active: false });
  expect(await signIn('alice', PASSWORD, '192.0.2.9')).toEqual(unknown);
});

test('V39: failures slow the pair of user and address, with exact seconds, and never the user elsewhere', async () => {
  await setUp();
  const waits: string[] = [];
  for (let i = 0; i < 12; i++) {
    const answer = await signIn('alice', 'wrong password!');
    if (!answer.ok && answer.problem.code === 'auth.slow-down') {
      const seconds = Number(answer.problem.params.seconds);
      waits.push(String(seconds));
      clock.advance(seconds * 1000 - 1);
      expect(codeOf(await signIn('alice', PASSWORD))).toBe('auth.slow-down');
      clock.advance(1);
    }
  }
  expect(waits).toEqual(['1', '2', '4', '8', '16']);
  expect(codeOf(await signIn('ALICE', PASSWORD, '198.51.100.7'))).toBe('ok');
});

test('V39, F10: a burst at once gets no more tries than a row, and a clock step resets nothing', async () => {
  await setUp();
  const burst = await Promise.all(Array.from({ length: 40 }, () => signIn('alice', 'wrong password!')));
  expect(burst.filter((one) => codeOf(one) === 'auth.failed')).toHaveLength(3);
  clock.step(3_600_000);
  expect(codeOf(await signIn('alice', PASSWORD))).toBe('auth.slow-down');
});

test('F11, W33: ten thousand failures from one address end in few audit rows that add up, others sign in meanwhile', async () => {
  await setUp();
  const before = ports.audit.events.length;
  let tried = 0;
  for (let i = 0; i < 10_000; i++) {
    await signIn(`name${i}`, 'wrong password!', '203.0.113.5');
    tried += 1;
    if (i % 1000 === 0) clock.advance(1000);
  }
  expect(codeOf(await signIn('alice', PASSWORD, '198.51.100.7'))).toBe('ok');
  await identity.close();
  const failures = ports.audit.events.slice(before).filter((event) => event.action === 'sign-in.failed');
  expect(failures.length).toBeLessThan(10);
  const sum = failures.reduce((n, event) => n + Number(event.detail?.failures ?? 1), 0);
  expect(sum).toBe(tried);
});

test('TOTP: asked for after the right password, one step early or late, each step once; wrong codes look like wrong passwords', async () => {
  const alice = await setUp();
  const begun = must(await identity.beginTotp(alice.id));
  expect(begun.uri).toMatch(/^otpauth:\/\/totp\/Sallyport:alice\?/);
  const totp = new TOTP({ secret: Secret.fromBase32(begun.secret), digits: 6, period: 30 });
  const at = (ms: number) => totp.generate({ timestamp: ms });
  expect(codeOf(await identity.confirmTotp(alice.id, at(clock.now() - 90_000)))).toBe('request.invalid');
  const codes = must(await identity.confirmTotp(alice.id, at(clock.now())));
  expect(codes).toHaveLength(10);
  expect((await ports.users.user(alice.id))?.totpEnabled).toBe(true);

  expect(codeOf(await signIn('alice', PASSWORD))).toBe('auth.totp-required');
  expect(codeOf(await signIn('alice', 'wrong password!', 'a', at(clock.now())))).toBe('auth.failed');
  expect(codeOf(await signIn('alice', PASSWORD, 'b', at(clock.now())))).toBe('auth.failed'); // confirm used this step
  clock.advance(60_000);
  const late = at(clock.now() - 30_000);
  expect(codeOf(await signIn('alice', PASSWORD, 'c', late))).toBe('ok');
  const early = at(clock.now() + 30_000);
  const both = await Promise.all([signIn('alice', PASSWORD, 'd', early), signIn('alice', PASSWORD, 'e', early)]);
  expect(both.map(codeOf).sort()).toEqual(['auth.failed', 'ok']);

  const [code = ''] = codes;
  expect(JSON.stringify([...ports.vault.secrets.values()].map((one) => Buffer.from(one).toString()))).not.toContain(
    code,
  );
  expect(codeOf(await signIn('alice', PASSWORD, 'f', ` ${code.toUpperCase()} `))).toBe('ok');
  expect(codeOf(await signIn('alice', PASSWORD, 'g', code))).toBe('auth.failed');

  expect((await identity.removeTotp(alice.id, 'wrong password!'))?.code).toBe('auth.failed');
  expect(await identity.removeTotp(alice.id, PASSWORD)).toBeUndefined();
  expect(ports.vault.secrets.size).toBe(0);
  expect(codeOf(await signIn('alice', PASSWORD, 'h'))).toBe('ok');
});

test('V40: revoking ends sign-ins and tokens at once and tells each listener once', async () => {
  const alice = await setUp();
  const web = must(await signIn('alice', PASSWORD));
  const api = await identity.createToken(alice.id, 'ci', 30);
  const told: string[] = [];
  const stop = identity.onRevoked((id) => told.push(id));
  await identity.revokeUser(alice.id);
  expect(told).toEqual([alice.id]);
  expect(codeOf(await identity.bySignIn(web.token, 'a'))).toBe('auth.required');
  expect(codeOf(await identity.byToken(api.token, 'a'))).toBe('auth.required');
  stop();
  await identity.revokeUser(alice.id);
  expect(told).toHaveLength(1);
});

test('API tokens: shape, end, use noted once a minute, role and activity read at each use', async () => {
  const alice = await setUp();
  const { token, row } = await identity.createToken(alice.id, 'ci', 1);
  expect(token).toMatch(/^sp_[A-Za-z0-9_-]{43}$/);
  const used = must(await identity.byToken(token, '192.0.2.2'));
  expect(used.principal).toMatchObject({ via: 'token', credentialId: row.id, address: '192.0.2.2', role: 'admin' });
  expect((await identity.tokens(alice.id))[0]?.lastUsedAt).toBe(clock.now());
  await ports.users.updateUser(alice.id, { role: 'auditor' });
  expect(must(await identity.byToken(token, 'a')).principal.role).toBe('auditor');
  await ports.users.updateUser(alice.id, { active: false });
  expect(codeOf(await identity.byToken(token, 'a'))).toBe('auth.inactive');
  await ports.users.updateUser(alice.id, { active: true });
  clock.advance(86_400_000);
  expect(codeOf(await identity.byToken(token, 'a'))).toBe('auth.required');
  for (const bad of ['', 'sp_', token.slice(0, -1), token.slice(3), `${token}x`]) {
    expect(codeOf(await identity.byToken(bad, 'a'))).toBe('auth.required');
  }
});

test('a changed password ends the other sign-ins and keeps the one that asked', async () => {
  const alice = await setUp();
  const [mine, other] = [must(await signIn('alice', PASSWORD)), must(await signIn('alice', PASSWORD))];
  const next = 'a much better phrase';
  expect((await identity.changePassword(alice.id, 'wrong password!', next, mine.token))?.code).toBe('auth.failed');
  expect((await identity.changePassword(alice.id, PASSWORD, 'alice alice alice', mine.token))?.code).toBe(
    'auth.password-weak',
  );
  expect(await identity.changePassword(alice.id, PASSWORD, next, mine.token)).toBeUndefined();
  expect(codeOf(await identity.bySignIn(mine.token, 'a'))).toBe('ok');
  expect(codeOf(await identity.bySignIn(other.token, 'a'))).toBe('auth.required');
  expect(codeOf(await signIn('alice', PASSWORD))).toBe('auth.failed');
  expect(codeOf(await signIn('alice', next))).toBe('ok');
});

test('V46: no audit row holds a password, a code or a token', async () => {
  const alice = await setUp();
  const { token } = must(await signIn('alice', PASSWORD));
  const api = await identity.createToken(alice.id, 'ci', 1);
  await signIn('alice', 'canary-wrong-password');
  await identity.signOut(token);
  const text = JSON.stringify(ports.audit.events);
  for (const secret of [PASSWORD, token, api.token, 'canary-wrong-password']) expect(text).not.toContain(secret);
  expect(ports.audit.events.map((event) => event.action)).toEqual([
    'setup.complete',
    'sign-in.ok',
    'token.create',
    'sign-in.failed',
    'sign-in.ended',
  ]);
});
