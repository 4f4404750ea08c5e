import type { Selectable } from 'kysely';
import type { SigningKeyRow, SigningKeyRows } from '../../../gateway/ports/signing-key-rows.js';
import type { Database } from './database.js';
import type { SigningKeysTable } from './schema.js';

export function createSqliteSigningKeyRows({ query }: Database): SigningKeyRows {
  return {
    async list() {
      const rows = await query.selectFrom('signing_keys').selectAll().orderBy('valid_from').execute();
      // Two keys of one millisecond: the one in force is the last.
      return rows
        .map(toRow)
        .sort(
          (a, b) => a.from - b.from || (a.until ?? Number.POSITIVE_INFINITY) - (b.until ?? Number.POSITIVE_INFINITY),
        );
    },

    succeed: (after, next) =>
      query.transaction().execute(async (tx) => {
        const inForce = tx.selectFrom('signing_keys').select('id').where('valid_until', 'is', null);
        if ((await inForce.executeTakeFirst())?.id !== after) return false;
        await tx
          .updateTable('signing_keys')
          .set({ valid_until: next.from, secret_id: null })
          .where('valid_until', 'is', null)
          .execute();
        const { id, x, from, until = null, secretId = null } = next;
        await tx
          .insertInto('signing_keys')
          .values({ id, x, valid_from: from, valid_until: until, secret_id: secretId })
          .execute();
        return true;
      }),
  };
}

const toRow = (row: Selectable<SigningKeysTable>): SigningKeyRow => ({
  id: row.id,
  x: row.x,
  from: row.valid_from,
  ...(row.valid_until === null ? {} : { until: row.valid_until }),
  ...(row.secret_id === null ? {} : { secretId: row.secret_id }),
});
