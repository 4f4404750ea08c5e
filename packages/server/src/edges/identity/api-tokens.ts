/** API tokens: `sp_` and 43 characters, shown once. A token acts as its user, whose role is read at each use. */
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok } from '@sallyport/core/model/problem.js';
import type { AuditLog } from '../../gateway/ports/audit-log.js';
import type { Clock } from '../../gateway/ports/clock.js';
import type { Users } from '../../gateway/ports/directory.js';
import type { AccessDoor, ChangedBy, TokenRow, Tokens } from '../../gateway/ports/identity.js';
import type { SignInStore } from '../../gateway/ports/sign-in-store.js';
import { looksLikeBearerSecret, newBearerSecret, type Random, sha256Hex, TOKEN_PREFIX } from './bearer-secret.js';
import { createInTurn } from './in-turn.js';

const DAY_MS = 86_400_000;
/** `lastUsedAt` is a hint for people; a write per request is not worth it. */
const TOUCH_EVERY_MS = 60_000;
const MAX_TOKENS_PER_USER = 100;
/** So that its owner sees why it is refused; then the row goes. */
const KEEP_EXPIRED_MS = DAY_MS;

export function createApiTokens(parts: {
  readonly store: SignInStore;
  readonly users: Users;
  readonly audit: AuditLog;
  readonly clock: Clock;
  readonly random: Random;
  readonly door: AccessDoor;
}): Tokens {
  const { store, users, audit, clock, random, door } = parts;
  const inTurn = createInTurn();

  const write = async (
    action: 'token.create' | 'token.revoke',
    userId: string,
    detail: Readonly<Record<string, string | number>>,
    by: ChangedBy | undefined,
  ): Promise<void> => {
    const actor = by ?? { actor: (await users.user(userId))?.name ?? 'system', actorId: userId, source: 'local' };
    await audit.append({ action, result: 'ok', ...actor, target: `user:${userId}`, detail });
  };

  return {
    // In turn: of two that are made at once only one can be the hundredth.
    createToken: (userId, name, days, by) =>
      inTurn(userId, async () => {
        const at = clock.now();
        await store.removeTokens({ expiredBefore: at - KEEP_EXPIRED_MS });
        const inForce = (await store.tokensOf(userId)).filter(({ expiresAt }) => expiresAt > at);
        if (inForce.length >= MAX_TOKENS_PER_USER) {
          return fail('auth.too-many-tokens', { limit: String(MAX_TOKENS_PER_USER) });
        }
        const token = TOKEN_PREFIX + newBearerSecret(random);
        const row: TokenRow = {
          id: idFromBytes(random(16)),
          userId,
          name,
          createdAt: at,
          expiresAt: at + days * DAY_MS,
        };
        await store.putToken(row, sha256Hex(token));
        await write('token.create', userId, { token: row.id, name, days }, by);
        return ok({ row, token });
      }),

    tokens: (userId) => store.tokensOf(userId),

    async revokeToken(userId, id, by) {
      const removed = (await store.removeTokens({ userId, id })) > 0;
      if (removed) await write('token.revoke', userId, { token: id }, by);
      return removed;
    },

    async byToken(token, address) {
      if (!token.startsWith(TOKEN_PREFIX) || !looksLikeBearerSecret(token.slice(TOKEN_PREFIX.length))) {
        return fail('auth.required');
      }
      const row = await store.tokenByHash(sha256Hex(token));
      const now = clock.now();
      if (!row || row.expiresAt <= now) return fail('auth.required');
      const refused = await door({ userId: row.userId, address, how: 'token' });
      if (refused) return { ok: false, problem: refused };
      const user = await users.user(row.userId);
      if (!user) return fail('auth.required');
      if (!user.active) return fail('auth.inactive');
      if (now - (row.lastUsedAt ?? 0) >= TOUCH_EVERY_MS) await store.touchToken(row.id, now);
      const principal = {
        userId: user.id,
        name: user.name,
        role: user.role,
        via: 'token' as const,
        credentialId: row.id,
        address,
      };
      return ok({ principal, user, csrf: '', expiresAt: row.expiresAt });
    },
  };
}
