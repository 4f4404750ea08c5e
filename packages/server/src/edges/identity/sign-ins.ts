/** Sign-ins of the browser: password, code, an opaque cookie that slides for 15 minutes (S59). */
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { User } from '@sallyport/core/model/user.js';
import type { AuditLog } from '../../gateway/ports/audit-log.js';
import type { Clock } from '../../gateway/ports/clock.js';
import type { Users } from '../../gateway/ports/directory.js';
import type { AccessDoor, SignedIn, SignIns } from '../../gateway/ports/identity.js';
import type { SignInStore } from '../../gateway/ports/sign-in-store.js';
import { type AttemptThrottle, addressKey } from './attempt-throttle.js';
import { looksLikeBearerSecret, newBearerSecret, type Random, sha256Hex } from './bearer-secret.js';
import type { FailureLedger } from './failure-ledger.js';
import type { PasswordHasher } from './password-hasher.js';
import { normalPassword } from './password-rules.js';
import type { SecondFactor } from './second-factor.js';

export const SIGN_IN_MS = 15 * 60_000;
/** The row is behind by at most this; memory knows the exact end. */
const STORE_EVERY_MS = 60_000;
const MAX_REMEMBERED = 10_000;
/** Ended rows, and expired tokens, are kept this long, so that the person is told why. */
const KEEP_EXPIRED_MS = 24 * 3_600_000;
const USER_AGENT_CHARACTERS = 256;

export interface SignInsPlus extends SignIns {
  /** Ends every sign-in of the user but the one with this cookie. The user is not revoked: live sessions go on. */
  endOthers(userId: string, keepToken: string | undefined): Promise<void>;
}

export function createSignIns(parts: {
  readonly store: SignInStore;
  readonly users: Users;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly hasher: PasswordHasher;
  readonly throttle: AttemptThrottle;
  readonly ledger: FailureLedger;
  readonly secondFactor: SecondFactor;
  readonly door: AccessDoor;
}): SignInsPlus {
  const { store, users, audit, clock, random, hasher, throttle, ledger, secondFactor, door } = parts;
  const revokedListeners = new Set<(userId: string) => void>();
  const signedOutListeners = new Set<(credentialId: string) => void>();
  /**
   * Exact ends of sign-ins used lately, by row id, in monotonic time: a step of the wall clock ends and prolongs none
   * (F10). Rows hold wall time, for sign-ins this process has not seen, and are written once a minute.
   */
  const exactEnds = new Map<string, { readonly userId: string; readonly end: number }>();

  const remember = (id: string, userId: string): void => {
    exactEnds.delete(id);
    exactEnds.set(id, { userId, end: clock.monotonic() + SIGN_IN_MS });
    if (exactEnds.size > MAX_REMEMBERED) exactEnds.delete(exactEnds.keys().next().value ?? '');
  };

  const forgetUser = (userId: string): void => {
    for (const [id, end] of exactEnds) if (end.userId === userId) exactEnds.delete(id);
  };

  const ended = (ids: readonly string[]): void => {
    for (const id of ids) {
      exactEnds.delete(id);
      for (const call of [...signedOutListeners]) call(id);
    }
  };

  const begin = async (user: User, address: string, userAgent: string): Promise<SignedIn> => {
    const token = newBearerSecret(random);
    const csrf = newBearerSecret(random);
    const id = idFromBytes(random(16));
    const createdAt = clock.now();
    const expiresAt = createdAt + SIGN_IN_MS;
    await store.removeSignIns({ expiredBefore: createdAt - KEEP_EXPIRED_MS });
    await store.removeTokens({ expiredBefore: createdAt - KEEP_EXPIRED_MS });
    await store.putSignIn({
      id,
      tokenHash: sha256Hex(token),
      csrf,
      userId: user.id,
      address,
      userAgent: userAgent.slice(0, USER_AGENT_CHARACTERS),
      createdAt,
      expiresAt,
    });
    remember(id, user.id);
    await audit.append({ action: 'sign-in.ok', result: 'ok', actor: user.name, actorId: user.id, source: address });
    const principal = {
      userId: user.id,
      name: user.name,
      role: user.role,
      via: 'web' as const,
      credentialId: id,
      address,
    };
    return { token, csrf, principal, expiresAt };
  };

  const signIn = async (attempt: {
    name: string;
    password: string;
    code?: string;
    address: string;
    userAgent: string;
  }): Promise<Result<SignedIn>> => {
    const { address } = attempt;
    const name = attempt.name.trim().normalize('NFC');
    const admission = throttle.admit(name, address);
    if ('waitSeconds' in admission) {
      await ledger.failed(name, address, 'slow-down');
      return fail('auth.slow-down', { seconds: String(admission.waitSeconds) });
    }
    const { admitted } = admission;
    const user = await users.userByName(name);
    // Unknown and known names take the same road: one look-up, one argon2 (V38).
    const stored = await users.passwordHash(user?.id ?? '');
    const source = { key: addressKey(address), standing: admitted.standing };
    const right = await hasher.verify(source, stored, normalPassword(attempt.password));
    if (right === undefined) {
      admitted.undone();
      await ledger.failed(name, address, 'busy');
      return fail('auth.slow-down', { seconds: '1' });
    }
    if (!right || !user?.active) {
      await ledger.failed(name, address, 'wrong');
      return fail('auth.failed');
    }
    if (await secondFactor.isOn(user.id)) {
      if (attempt.code === undefined || attempt.code.trim() === '') {
        admitted.undone();
        return fail('auth.totp-required');
      }
      if (!(await secondFactor.check(user, attempt.code, address))) {
        await ledger.failed(name, address, 'wrong');
        return fail('auth.failed');
      }
    }
    admitted.succeeded();
    // After the proof: before it no answer may depend on blocks (S79).
    const refused = await door({ userId: user.id, address, how: 'sign-in' });
    if (refused) return { ok: false, problem: refused };
    return ok(await begin(user, address, attempt.userAgent));
  };

  return {
    signIn,

    async bySignIn(token, address, how = 'slide') {
      if (!looksLikeBearerSecret(token)) return fail('auth.required');
      const row = await store.signInByHash(sha256Hex(token));
      if (!row) return fail('auth.required');
      const now = clock.now();
      const exact = exactEnds.get(row.id);
      if (exact ? exact.end <= clock.monotonic() : row.expiresAt <= now) {
        // A clock that was set back would revive it once memory forgets.
        if (row.expiresAt > now) await store.extendSignIn(row.id, now);
        return fail('auth.expired', { minutes: String(SIGN_IN_MS / 60_000) });
      }
      const refused = await door({ userId: row.userId, address, how: 'web' });
      if (refused) return { ok: false, problem: refused };
      const user = await users.user(row.userId);
      if (!user) return fail('auth.required');
      if (!user.active) return fail('auth.inactive');
      const expiresAt = how === 'look' ? row.expiresAt : now + SIGN_IN_MS;
      if (Math.abs(expiresAt - row.expiresAt) >= STORE_EVERY_MS) await store.extendSignIn(row.id, expiresAt);
      if (how === 'slide') remember(row.id, user.id);
      return ok({
        principal: { userId: user.id, name: user.name, role: user.role, via: 'web', credentialId: row.id, address },
        user,
        csrf: row.csrf,
        expiresAt,
      });
    },

    async signOut(token, by) {
      const row = await store.signInByHash(sha256Hex(token));
      if (!row) return;
      ended(await store.removeSignIns({ id: row.id }));
      const user = await users.user(row.userId);
      const actor = by ?? { actor: user?.name ?? 'system', actorId: row.userId, source: row.address };
      await audit.append({ action: 'sign-in.ended', result: 'ok', ...actor });
    },

    async revokeUser(userId) {
      await store.removeSignIns({ userId });
      await store.removeTokens({ userId });
      forgetUser(userId);
      for (const call of [...revokedListeners]) call(userId);
    },

    async endOthers(userId, keepToken) {
      const kept = keepToken === undefined ? undefined : await store.signInByHash(sha256Hex(keepToken));
      ended(await store.removeSignIns({ userId, ...(kept && { exceptId: kept.id }) }));
    },

    onRevoked(call) {
      revokedListeners.add(call);
      return () => revokedListeners.delete(call);
    },

    onSignedOut(call) {
      signedOutListeners.add(call);
      return () => signedOutListeners.delete(call);
    },
  };
}
