import { randomBytes } from 'node:crypto';
import { problem, type Result } from '@sallyport/core/model/problem.js';
import { Secret, TOTP } from 'otpauth';
import { beforeEach, expect, test } from 'vitest';
import { type FakeClock, fakeClock } from '../../../test/fixtures/fake-clock.js';
import { type MemoryIdentityPorts, memoryIdentityPorts } from '../../../test/fixtures/memory-identity-ports.js';
import type { AuditLog } from '../../gateway/ports/audit-log.js';
import { describeIdentityContract } from '../../gateway/ports/identity.contract.js';
import type { AccessDoor } from '../../gateway/ports/identity.js';
import { createIdentity } from './identity.js';

const PASSWORD = 'correct horse battery';
const MINUTE = 60_000;
let clock: FakeClock;
let ports: MemoryIdentityPorts;
let identity: ReturnType<typeof createIdentity>;
const blocked = new Set<string>();
const knocked: string[] = [];
const door: AccessDoor = ({ userId, how }) => {
  knocked.push(how);
  return blocked.has(userId) ? problem('access.blocked', { until: 'then', decision: 'd' }) : undefined;
};

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
  identity = createIdentity({ ...ports, audit, clock, random: (n) => new Uint8Array(randomBytes(n)), door });
});

describeIdentityContract('over ports in memory', async () => {
  const time = fakeClock();
  const made = memoryIdentityPorts();
  const audit = made.audit as unknown as AuditLog;
  const under = createIdentity({ ...made, audit, clock: time, random: (n) => new Uint8Array(randomBytes(n)), door });
  return {
    identity: under,
    now: time.now,
    advance: time.advance,
    step: time.step,
    update: (id, change) => made.users.updateUser(id, change),
    userCount: async () => (await made.users.users()).length,
    close: () => under.close(),
  };
});

test('S59: the store is written at most once a minute, and memory knows the exact end', async () => {
  await setUp();
  const { token } = must(await signIn('alice', PASSWORD));
  for (let i = 0; i < 59; i++) {
    clock.advance(1000);
    await identity.bySignIn(token, '192.0.2.1');
  }
  expect(ports.store.extensions).toBe(0);
  clock.advance(15 * MINUTE - 1);
  expect(codeOf(await identity.bySignIn(token, '192.0.2.1'))).toBe('ok');
  expect(ports.store.extensions).toBe(1);
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

test('V46: no audit row holds a password, a code or a token', async () => {
  const alice = await setUp();
  const { token } = must(await signIn('alice', PASSWORD));
  const api = must(await identity.createToken(alice.id, 'ci', 1));
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

test('F10: a sign-in that ended while the clock was behind stays ended for the next process', async () => {
  await setUp();
  const { token } = must(await signIn('alice', PASSWORD));
  clock.step(-60 * MINUTE);
  clock.advance(15 * MINUTE);
  expect(codeOf(await identity.bySignIn(token, 'a'))).toBe('auth.expired');
  const audit = ports.audit as unknown as AuditLog;
  const next = createIdentity({ ...ports, audit, clock, random: (n) => new Uint8Array(randomBytes(n)), door });
  expect(codeOf(await next.bySignIn(token, 'a'))).toBe('auth.expired');
});

test('F11: whether there is a user is looked up until there is one, and then no more', async () => {
  const audit = ports.audit as unknown as AuditLog;
  let asked = 0;
  const users = {
    ...ports.users,
    users: () => {
      asked += 1;
      return ports.users.users();
    },
  };
  const random = (n: number) => new Uint8Array(randomBytes(n));
  const under = createIdentity({ ...ports, users, audit, clock, random, door });
  expect([await under.isSetUp(), await under.isSetUp(), asked]).toEqual([false, false, 2]);
  await setUp();
  for (let i = 0; i < 10; i++) expect(await under.isSetUp()).toBe(true);
  expect(asked).toBe(3);
});
