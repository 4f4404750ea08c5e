import type { Kysely, Selectable } from 'kysely';
import type { SecretRow, SecretRows } from '../../../gateway/ports/secret-rows.js';
import type { Database } from './database.js';
import type { Schema, SecretsTable } from './schema.js';

const KEY_MARK = 'vault.key-id';

export function createSqliteSecretRows(db: Database): SecretRows {
  const { query } = db;
  return {
    async get(id) {
      const row = await query.selectFrom('secrets').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toSecretRow(row);
    },

    insert: (row) =>
      query.transaction().execute(async (tx) => {
        if ((await keyMark(tx)) !== row.keyId) return false;
        await tx.insertInto('secrets').values(fromSecretRow(row)).execute();
        return true;
      }),

    update: (row) =>
      query.transaction().execute(async (tx) => {
        if ((await keyMark(tx)) !== row.keyId) return false;
        const { numUpdatedRows } = await tx
          .updateTable('secrets')
          .set(fromSecretRow(row))
          .where('id', '=', row.id)
          .where('purpose', '=', row.purpose)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),

    remove: (id) => removeSecrets(query, [id]),
    keyMark: () => keyMark(query),

    claimKeyMark: (keyId) =>
      query.transaction().execute(async (tx) => {
        const standing = await keyMark(tx);
        if (standing !== undefined) return standing;
        await tx.insertInto('meta').values({ key: KEY_MARK, value: keyId }).execute();
        return keyId;
      }),

    // All rows at once: they are as many as accounts and TOTP secrets, a few hundred bytes each.
    rewrap: (from, to, wrap) =>
      query.transaction().execute(async (tx) => {
        if ((await keyMark(tx)) !== from) return undefined;
        const rows = await tx.selectFrom('secrets').selectAll().execute();
        for (const row of rows) {
          const wrapped = fromSecretRow(wrap(toSecretRow(row)));
          await tx.updateTable('secrets').set(wrapped).where('id', '=', row.id).execute();
        }
        await tx.updateTable('meta').set({ value: to }).where('key', '=', KEY_MARK).execute();
        return rows.length;
      }),
  };
}

/** In the transaction of what they belonged to: no secret outlives its account. */
export async function removeSecrets(tx: Kysely<Schema>, ids: readonly (string | null)[]): Promise<void> {
  for (const id of ids) {
    if (id !== null) await tx.deleteFrom('secrets').where('id', '=', id).execute();
  }
}

async function keyMark(tx: Kysely<Schema>): Promise<string | undefined> {
  return (await tx.selectFrom('meta').select('value').where('key', '=', KEY_MARK).executeTakeFirst())?.value;
}

const fromSecretRow = (row: SecretRow) => ({
  id: row.id,
  purpose: row.purpose,
  key_id: row.keyId,
  wrapped_key: row.wrappedKey,
  sealed: row.sealed,
});

const toSecretRow = (row: Selectable<SecretsTable>): SecretRow => ({
  id: row.id,
  purpose: row.purpose,
  keyId: row.key_id,
  wrappedKey: row.wrapped_key,
  sealed: row.sealed,
});
