/** Identity over the sign-in store, the users of the directory, the vault and the audit log. */
import { fail, ok, type Problem, problem } from '@sallyport/core/model/problem.js';
import type { AuditLog } from '../../gateway/ports/audit-log.js';
import type { Clock } from '../../gateway/ports/clock.js';
import type { Users } from '../../gateway/ports/directory.js';
import type { AccessDoor, Credentials, Identity } from '../../gateway/ports/identity.js';
import type { SignInStore } from '../../gateway/ports/sign-in-store.js';
import type { Vault } from '../../gateway/ports/vault.js';
import { createApiTokens } from './api-tokens.js';
import { createAttemptThrottle } from './attempt-throttle.js';
import { newBearerSecret, type Random } from './bearer-secret.js';
import { createFailureLedger } from './failure-ledger.js';
import { createFirstSetup } from './first-setup.js';
import { createPasswordHasher } from './password-hasher.js';
import { checkPassword, normalPassword } from './password-rules.js';
import { createSecondFactor } from './second-factor.js';
import { createSignIns } from './sign-ins.js';

export interface IdentityParts {
  readonly store: SignInStore;
  readonly users: Users;
  readonly vault: Vault;
  readonly audit: AuditLog;
  readonly clock: Clock;
  /** Asked when an identity is proved, and at every access after. */
  readonly door: AccessDoor;
  /** Cryptographically strong (V2). */
  readonly random: Random;
}

/** What a person's own password checks count under: not an address, so no stranger can reach the counter. */
const ownCounter = (userId: string): string => `own-${userId}`;

export function createIdentity(parts: IdentityParts): Identity & { close(): Promise<void> } {
  const { store, users, audit, clock, random, door } = parts;
  const hasher = createPasswordHasher(newBearerSecret(random));
  const throttle = createAttemptThrottle(() => clock.monotonic());
  const ledger = createFailureLedger(audit, clock);
  const secondFactor = createSecondFactor(parts);
  const signIns = createSignIns({ store, users, audit, clock, random, hasher, throttle, ledger, secondFactor, door });
  const tokens = createApiTokens(parts);

  const hashPassword: Credentials['hashPassword'] = async (raw, userName) => {
    const password = checkPassword(raw, userName);
    if (!password.ok) return password;
    const hash = await hasher.hash({ key: `hash-${userName}`, standing: 'proven' }, password.value);
    return hash === undefined ? fail('request.rate', { seconds: '1' }) : ok(hash);
  };

  const checkOwnPassword = async (userId: string, password: string): Promise<Problem | undefined> => {
    const admission = throttle.admit(userId, ownCounter(userId));
    if ('waitSeconds' in admission) return problem('auth.slow-down', { seconds: String(admission.waitSeconds) });
    const source = { key: ownCounter(userId), standing: admission.admitted.standing };
    const right = await hasher.verify(source, await users.passwordHash(userId), normalPassword(password));
    if (right === undefined) {
      admission.admitted.undone();
      return problem('request.rate', { seconds: '1' });
    }
    if (!right) return problem('auth.failed');
    admission.admitted.succeeded();
    return undefined;
  };

  return {
    signIn: signIns.signIn,
    bySignIn: signIns.bySignIn,
    signOut: signIns.signOut,
    revokeUser: signIns.revokeUser,
    onRevoked: signIns.onRevoked,
    onSignedOut: signIns.onSignedOut,
    ...tokens,
    hashPassword,
    beginTotp: secondFactor.begin,
    confirmTotp: secondFactor.confirm,

    async changePassword(userId, current, next, keepToken, by) {
      const refused = await checkOwnPassword(userId, current);
      if (refused) return refused;
      const user = await users.user(userId);
      if (!user) return problem('not-found');
      const hash = await hashPassword(next, user.name);
      if (!hash.ok) return hash.problem;
      await users.setPasswordHash(userId, hash.value, clock.now());
      await signIns.endOthers(userId, keepToken);
      const actor = by ?? { actor: user.name, actorId: userId, source: 'local' };
      await audit.append({ action: 'password.change', result: 'ok', ...actor, target: `user:${userId}` });
      return undefined;
    },

    async removeTotp(userId, password, by) {
      return (await checkOwnPassword(userId, password)) ?? (await secondFactor.remove(userId, by));
    },

    resetTotp: secondFactor.remove,

    ...createFirstSetup({ store, users, audit, clock, random, hashPassword }),

    /** Writes the counted failures that no row tells of yet. */
    close: () => ledger.flush(),
  };
}
