import type { Account, AccountKind } from '@sallyport/core/model/host.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { Selectable } from 'kysely';
import type { Accounts } from '../../../gateway/ports/directory.js';
import type { Database } from './database.js';
import type { AccountsTable } from './schema.js';
import { removeSecrets } from './secrets.js';

/** A login stands once per host, spelt exactly: targets tell `root` from `Root`. */
export function createSqliteAccounts(db: Database): Accounts {
  const { query } = db;
  return {
    async accounts(hostId) {
      const all = query.selectFrom('accounts').selectAll().orderBy('login').orderBy('id');
      return (await (hostId === undefined ? all : all.where('host_id', '=', hostId)).execute()).map(toAccount);
    },

    async account(id) {
      const row = await query.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toAccount(row);
    },

    createAccount: (account) =>
      query.transaction().execute(async (tx): Promise<Result<Account>> => {
        const host = await tx.selectFrom('hosts').select('id').where('id', '=', account.hostId).executeTakeFirst();
        if (host === undefined) return fail('not-found');
        const row = await tx
          .insertInto('accounts')
          .values({
            id: account.id,
            host_id: account.hostId,
            login: account.login,
            kind: account.kind,
            secret_id: account.secretId,
            key_fingerprint: account.keyFingerprint ?? null,
            created_at: account.createdAt,
            updated_at: account.updatedAt,
          })
          .onConflict((c) => c.columns(['host_id', 'login']).doNothing())
          .returningAll()
          .executeTakeFirst();
        return row === undefined ? fail('conflict', { name: account.login }) : ok(toAccount(row));
      }),

    updateAccount: (id, change) =>
      query.transaction().execute(async (tx): Promise<Result<Account>> => {
        const before = await tx.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst();
        if (before === undefined) return fail('not-found');
        const after = { ...toAccount(before), ...change };
        // A password has no fingerprint; it must not keep that of the key it replaces.
        const fingerprint = after.kind === 'key' ? (after.keyFingerprint ?? null) : null;
        const other = await tx
          .selectFrom('accounts')
          .select('id')
          .where('host_id', '=', before.host_id)
          .where('login', '=', after.login)
          .where('id', '!=', id)
          .executeTakeFirst();
        if (other !== undefined) return fail('conflict', { name: after.login });
        if (after.secretId !== before.secret_id) await removeSecrets(tx, [before.secret_id]);
        const row = await tx
          .updateTable('accounts')
          .set({
            login: after.login,
            kind: after.kind,
            secret_id: after.secretId,
            key_fingerprint: fingerprint,
            updated_at: after.updatedAt,
          })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst();
        return row === undefined ? fail('not-found') : ok(toAccount(row));
      }),

    deleteAccount: (id) =>
      query.transaction().execute(async (tx): Promise<Result<Account>> => {
        const row = await tx.deleteFrom('accounts').where('id', '=', id).returningAll().executeTakeFirst();
        if (row === undefined) return fail('not-found');
        await removeSecrets(tx, [row.secret_id]);
        return ok(toAccount(row));
      }),
  };
}

function toAccount(row: Selectable<AccountsTable>): Account {
  return {
    id: row.id,
    hostId: row.host_id,
    login: row.login,
    kind: row.kind as AccountKind,
    secretId: row.secret_id,
    ...(row.key_fingerprint === null ? {} : { keyFingerprint: row.key_fingerprint }),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
