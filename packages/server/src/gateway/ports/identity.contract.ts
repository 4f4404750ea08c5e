/** What every Identity must do. Each adapter's test runs it. The second factor is tested beside the adapter. */
import type { Result } from '@sallyport/core/model/problem.js';
import type { User } from '@sallyport/core/model/user.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Identity } from './identity.js';

export interface IdentityUnderTest {
  readonly identity: Identity;
  now(): number;
  /** Moves both clocks on. */
  advance(ms: number): void;
  /** Steps the wall clock alone. */
  step(ms: number): void;
  /** Changes the user behind Identity's back, as another part of the gateway does. */
  update(id: string, change: Partial<Pick<User, 'active' | 'role'>>): Promise<unknown>;
  userCount(): Promise<number>;
  close(): Promise<void>;
}

const PASSWORD = 'correct horse battery';
const MINUTE = 60_000;
const codeOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.problem.code);
const must = <T>(result: Result<T>): T => {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
};

export function describeIdentityContract(name: string, make: () => Promise<IdentityUnderTest>): void {
  describe(`identity: ${name}`, () => {
    let under: IdentityUnderTest;
    let identity: Identity;
    beforeEach(async () => {
      under = await make();
      identity = under.identity;
    });
    afterEach(() => under.close());

    const signIn = (user: string, password: string, address = '192.0.2.1') =>
      identity.signIn({ name: user, password, address, userAgent: 'test' });
    const setUp = async () => {
      const { token } = await identity.issueSetupToken();
      return must(await identity.completeSetup(token, 'alice', 'Alice', PASSWORD));
    };

    it('V2: a setup token works once, for 15 minutes, and ten wrong tries kill it', async () => {
      const first = await identity.issueSetupToken();
      expect(first.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
      under.advance(15 * MINUTE);
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

    it('V2: ten setup completions at once make exactly one administrator', async () => {
      const { token } = await identity.issueSetupToken();
      const outcomes = await Promise.all(
        Array.from({ length: 10 }, (_, i) => identity.completeSetup(token, `admin${i}`, '', PASSWORD)),
      );
      expect(outcomes.filter((one) => one.ok)).toHaveLength(1);
      expect(await under.userCount()).toBe(1);
    });

    it('S59: alive at 14 minutes idle, request, 14 minutes idle; dead after 15', async () => {
      await setUp();
      const { token } = must(await signIn('alice', PASSWORD));
      const ask = async () => codeOf(await identity.bySignIn(token, '192.0.2.1'));
      under.advance(14 * MINUTE);
      expect(await ask()).toBe('ok');
      under.advance(14 * MINUTE);
      expect(await ask()).toBe('ok');
      for (let i = 0; i < 50; i++) {
        under.advance(1000);
        expect(await ask()).toBe('ok');
      }
      // Idle counts from the last request.
      under.advance(15 * MINUTE - 1);
      expect(await ask()).toBe('ok');
      under.advance(15 * MINUTE);
      expect(await ask()).toBe('auth.expired');
    });

    it('S59: looking whether a sign-in stands keeps nobody signed in', async () => {
      await setUp();
      const { token } = must(await signIn('alice', PASSWORD));
      const look = async () => codeOf(await identity.bySignIn(token, '192.0.2.1', 'look'));
      for (let minute = 0; minute < 14; minute++) {
        under.advance(MINUTE);
        expect(await look()).toBe('ok');
      }
      under.advance(MINUTE);
      expect(await look()).toBe('auth.expired');
    });

    it('V38: known and unknown names, active or not, get the same answer', async () => {
      const alice = await setUp();
      const known = await signIn('alice', 'wrong password!');
      const unknown = await signIn('nobody', 'wrong password!');
      expect(known).toEqual(unknown);
      await under.update(alice.id, { active: false });
      expect(await signIn('alice', PASSWORD, '192.0.2.9')).toEqual(unknown);
    });

    it('V39: failures slow the pair of user and address, with exact seconds, and never the user elsewhere', async () => {
      await setUp();
      const waits: string[] = [];
      for (let i = 0; i < 12; i++) {
        const answer = await signIn('alice', 'wrong password!');
        if (!answer.ok && answer.problem.code === 'auth.slow-down') {
          const seconds = Number(answer.problem.params.seconds);
          waits.push(String(seconds));
          under.advance(seconds * 1000 - 1);
          expect(codeOf(await signIn('alice', PASSWORD))).toBe('auth.slow-down');
          under.advance(1);
        }
      }
      expect(waits).toEqual(['1', '2', '4', '8', '16']);
      expect(codeOf(await signIn('ALICE', PASSWORD, '198.51.100.7'))).toBe('ok');
    });

    it('V39, F10: a burst at once gets no more tries than a row, and a clock step resets nothing', async () => {
      await setUp();
      const burst = await Promise.all(Array.from({ length: 40 }, () => signIn('alice', 'wrong password!')));
      expect(burst.filter((one) => codeOf(one) === 'auth.failed')).toHaveLength(3);
      under.step(3_600_000);
      expect(codeOf(await signIn('alice', PASSWORD))).toBe('auth.slow-down');
    });

    it('V40: revoking ends sign-ins and tokens at once and tells each listener once', async () => {
      const alice = await setUp();
      const web = must(await signIn('alice', PASSWORD));
      const api = must(await identity.createToken(alice.id, 'ci', 30));
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

    it('F10: a step of the wall clock neither ends a sign-in nor prolongs it', async () => {
      await setUp();
      for (const step of [3_600_000, -3_600_000]) {
        const { token } = must(await signIn('alice', PASSWORD));
        const ask = async () => codeOf(await identity.bySignIn(token, '192.0.2.1'));
        under.advance(10 * MINUTE);
        under.step(step);
        expect(await ask()).toBe('ok');
        under.advance(15 * MINUTE - 1);
        expect(await ask()).toBe('ok');
        under.advance(15 * MINUTE);
        expect(await ask()).toBe('auth.expired');
        under.step(-3_600_000);
        expect(await ask()).toBe('auth.expired');
      }
    });

    it('a sign-out is told by its credential, and by no other', async () => {
      await setUp();
      const [mine, other] = [must(await signIn('alice', PASSWORD)), must(await signIn('alice', PASSWORD))];
      const told: string[] = [];
      const stop = identity.onSignedOut((id) => told.push(id));
      await identity.signOut(mine.token);
      expect(told).toEqual([mine.principal.credentialId]);
      await identity.signOut(mine.token);
      expect(told).toHaveLength(1);
      expect(codeOf(await identity.bySignIn(other.token, 'a'))).toBe('ok');
      stop();
      await identity.signOut(other.token);
      expect(told).toHaveLength(1);
    });

    it('API tokens: shape, end, use noted once a minute, role and activity read at each use', async () => {
      const alice = await setUp();
      const { token, row } = must(await identity.createToken(alice.id, 'ci', 1));
      expect(token).toMatch(/^sp_[A-Za-z0-9_-]{43}$/);
      const used = must(await identity.byToken(token, '192.0.2.2'));
      expect(used.principal).toMatchObject({ via: 'token', credentialId: row.id, address: '192.0.2.2', role: 'admin' });
      expect((await identity.tokens(alice.id))[0]?.lastUsedAt).toBe(under.now());
      await under.update(alice.id, { role: 'auditor' });
      expect(must(await identity.byToken(token, 'a')).principal.role).toBe('auditor');
      await under.update(alice.id, { active: false });
      expect(codeOf(await identity.byToken(token, 'a'))).toBe('auth.inactive');
      await under.update(alice.id, { active: true });
      under.advance(86_400_000);
      expect(codeOf(await identity.byToken(token, 'a'))).toBe('auth.required');
      for (const bad of ['', 'sp_', token.slice(0, -1), token.slice(3), `${token}x`]) {
        expect(codeOf(await identity.byToken(bad, 'a'))).toBe('auth.required');
      }
    });

    it('F8: a hundred API tokens per user at most; expired ones do not count and are removed after a day', async () => {
      const alice = await setUp();
      const make = (days: number) => identity.createToken(alice.id, 'ci', days);
      for (let i = 0; i < 10; i++) must(await make(1));
      for (let i = 10; i < 95; i++) must(await make(30));
      const outcomes = await Promise.all(Array.from({ length: 10 }, () => make(30)));
      expect(outcomes.map(codeOf).sort()).toEqual([...Array(5).fill('auth.too-many-tokens'), ...Array(5).fill('ok')]);
      under.advance(86_400_000);
      expect(await identity.tokens(alice.id)).toHaveLength(100);
      expect(codeOf(await make(30))).toBe('ok');
      under.advance(86_400_001);
      await signIn('alice', PASSWORD);
      expect(await identity.tokens(alice.id)).toHaveLength(91);
    });

    it('a changed password ends the other sign-ins and keeps the one that asked', async () => {
      const alice = await setUp();
      const [mine, other] = [must(await signIn('alice', PASSWORD)), must(await signIn('alice', PASSWORD))];
      const next = 'a much better phrase';
      expect((await identity.changePassword(alice.id, 'wrong password!', next, mine.token))?.code).toBe('auth.failed');
      expect((await identity.changePassword(alice.id, PASSWORD, 'alice alice alice', mine.token))?.code).toBe(
        'auth.password-weak',
      );
      const told: string[] = [];
      identity.onSignedOut((id) => told.push(id));
      expect(await identity.changePassword(alice.id, PASSWORD, next, mine.token)).toBeUndefined();
      expect(told).toEqual([other.principal.credentialId]);
      expect(codeOf(await identity.bySignIn(mine.token, 'a'))).toBe('ok');
      expect(codeOf(await identity.bySignIn(other.token, 'a'))).toBe('auth.required');
      expect(codeOf(await signIn('alice', PASSWORD))).toBe('auth.failed');
      expect(codeOf(await signIn('alice', next))).toBe('ok');
    });
  });
}
