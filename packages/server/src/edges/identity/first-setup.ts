/** The first administrator, made once by whoever holds the setup link printed on the console (V2). */
import { canonicalName } from '@sallyport/core/model/host.js';
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok } from '@sallyport/core/model/problem.js';
import type { User } from '@sallyport/core/model/user.js';
import type { AuditLog } from '../../gateway/ports/audit-log.js';
import type { Clock } from '../../gateway/ports/clock.js';
import type { Users } from '../../gateway/ports/directory.js';
import type { Credentials, FirstSetup } from '../../gateway/ports/identity.js';
import type { SignInStore } from '../../gateway/ports/sign-in-store.js';
import { newBearerSecret, type Random, sameDigest, sha256Hex } from './bearer-secret.js';
import { createInTurn } from './in-turn.js';

const SETUP_TOKEN_MS = 15 * 60_000;
const SETUP_TOKEN_TRIES = 10;

export function createFirstSetup(parts: {
  readonly store: SignInStore;
  readonly users: Users;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly hashPassword: Credentials['hashPassword'];
}): FirstSetup {
  const { store, users, audit, clock, random, hashPassword } = parts;
  const inTurn = createInTurn();
  let setUp = false;
  // Strangers may ask as often as they like. Once true it stays true: the last administrator cannot be removed.
  const isSetUp = async (): Promise<boolean> => {
    setUp ||= (await users.users()).length > 0;
    return setUp;
  };

  return {
    isSetUp,

    issueSetupToken: () =>
      inTurn('setup', async () => {
        const token = newBearerSecret(random);
        const expiresAt = clock.now() + SETUP_TOKEN_MS;
        await store.setSetupToken({ tokenHash: sha256Hex(token), expiresAt, tries: 0 });
        return { token, expiresAt };
      }),

    // INVARIANT: of many completions at once exactly one makes an administrator; so one runs after the other.
    completeSetup: (token, rawName, displayName, password, source = 'local') =>
      inTurn('setup', async () => {
        if (await isSetUp()) return fail('setup.done');
        const row = await store.setupToken();
        if (!row) return fail('setup.link-invalid');
        if (row.expiresAt <= clock.now()) {
          await store.setSetupToken(undefined);
          return fail('setup.link-invalid');
        }
        if (!sameDigest(row.tokenHash, sha256Hex(token))) {
          const tries = row.tries + 1;
          await store.setSetupToken(tries >= SETUP_TOKEN_TRIES ? undefined : { ...row, tries });
          return fail('setup.link-invalid');
        }
        const name = canonicalName(rawName.trim());
        if (name === undefined) return fail('request.invalid', { detail: 'name' });
        const hash = await hashPassword(password, name);
        if (!hash.ok) return hash;
        const at = clock.now();
        const user: User = {
          id: idFromBytes(random(16)),
          name,
          displayName,
          role: 'admin',
          active: true,
          totpEnabled: false,
          createdAt: at,
          updatedAt: at,
        };
        const created = await users.createUser(user, hash.value);
        if (!created.ok) return created;
        await store.setSetupToken(undefined);
        await audit.append({
          action: 'setup.complete',
          result: 'ok',
          actor: name,
          actorId: user.id,
          source,
          target: `user:${user.id}`,
        });
        return ok(created.value);
      }),
  };
}
