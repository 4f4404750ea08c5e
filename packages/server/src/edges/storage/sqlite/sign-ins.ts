import type { Selectable } from 'kysely';
import type { TokenRow } from '../../../gateway/ports/identity.js';
import type { SignInStore } from '../../../gateway/ports/sign-in-store.js';
import type { Database } from './database.js';
import type { TokensTable } from './schema.js';

export function createSqliteSignInStore(db: Database): SignInStore {
  const { query } = db;
  return {
    async putSignIn(row) {
      const values = {
        id: row.id,
        token_hash: row.tokenHash,
        csrf: row.csrf,
        user_id: row.userId,
        address: row.address,
        user_agent: row.userAgent,
        created_at: row.createdAt,
        expires_at: row.expiresAt,
      };
      await query.insertInto('sign_ins').values(values).execute();
    },

    async signInByHash(tokenHash) {
      const row = await query.selectFrom('sign_ins').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        id: row.id,
        tokenHash: row.token_hash,
        csrf: row.csrf,
        userId: row.user_id,
        address: row.address,
        userAgent: row.user_agent,
        createdAt: row.created_at,
        expiresAt: row.expires_at,
      };
    },

    async extendSignIn(id, expiresAt) {
      await query.updateTable('sign_ins').set({ expires_at: expiresAt }).where('id', '=', id).execute();
    },

    async removeSignIns(by) {
      const all = query.deleteFrom('sign_ins').returning('id');
      const rows =
        'id' in by
          ? all.where('id', '=', by.id)
          : 'userId' in by
            ? all.where('user_id', '=', by.userId).where('id', '!=', by.exceptId ?? '')
            : all.where('expires_at', '<', by.expiredBefore);
      return (await rows.execute()).map(({ id }) => id);
    },

    async putToken(row, tokenHash) {
      const values = {
        id: row.id,
        token_hash: tokenHash,
        user_id: row.userId,
        name: row.name,
        created_at: row.createdAt,
        expires_at: row.expiresAt,
        last_used_at: row.lastUsedAt ?? null,
      };
      await query.insertInto('tokens').values(values).execute();
    },

    async tokenByHash(tokenHash) {
      const row = await query.selectFrom('tokens').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
      return row === undefined ? undefined : toToken(row);
    },

    async tokensOf(userId) {
      const rows = query.selectFrom('tokens').selectAll().where('user_id', '=', userId);
      return (await rows.orderBy('created_at', 'desc').orderBy('id').execute()).map(toToken);
    },

    async touchToken(id, at) {
      await query.updateTable('tokens').set({ last_used_at: at }).where('id', '=', id).execute();
    },

    async removeTokens(by) {
      const all = query.deleteFrom('tokens');
      const rows =
        'expiredBefore' in by ? all.where('expires_at', '<', by.expiredBefore) : all.where('user_id', '=', by.userId);
      const { numDeletedRows } = await ('id' in by && by.id !== undefined
        ? rows.where('id', '=', by.id)
        : rows
      ).executeTakeFirst();
      return Number(numDeletedRows);
    },

    async setupToken() {
      const row = await query.selectFrom('setup_token').selectAll().executeTakeFirst();
      return row === undefined ? undefined : { tokenHash: row.token_hash, expiresAt: row.expires_at, tries: row.tries };
    },

    async setSetupToken(row) {
      if (row === undefined) {
        await query.deleteFrom('setup_token').execute();
        return;
      }
      const values = { token_hash: row.tokenHash, expires_at: row.expiresAt, tries: row.tries };
      await query
        .insertInto('setup_token')
        .values({ id: 1, ...values })
        .onConflict((c) => c.column('id').doUpdateSet(values))
        .execute();
    },

    async totp(userId) {
      const row = await query.selectFrom('totp').selectAll().where('user_id', '=', userId).executeTakeFirst();
      if (row === undefined) return undefined;
      return {
        secretId: row.secret_id,
        ...(row.recovery_codes_id === null ? {} : { recoveryCodesId: row.recovery_codes_id }),
        lastStep: row.last_step,
        confirmed: row.confirmed === 1,
      };
    },

    async setTotp(userId, row) {
      if (row === undefined) {
        await query.deleteFrom('totp').where('user_id', '=', userId).execute();
        return;
      }
      const values = {
        secret_id: row.secretId,
        recovery_codes_id: row.recoveryCodesId ?? null,
        last_step: row.lastStep,
        confirmed: row.confirmed ? 1 : 0,
      };
      await query
        .insertInto('totp')
        .values({ user_id: userId, ...values })
        .onConflict((c) => c.column('user_id').doUpdateSet(values))
        .execute();
    },
  };
}

function toToken(row: Selectable<TokensTable>): TokenRow {
  return {
    id: row.id,
    userId: row.user_id,
    name: row.name,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    ...(row.last_used_at === null ? {} : { lastUsedAt: row.last_used_at }),
  };
}
