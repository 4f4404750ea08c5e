import type { Block } from '@sallyport/core/model/block.js';
import type { BlockStore } from '../../../gateway/ports/block-store.js';
import type { Database } from './database.js';
import type { BlocksTable } from './schema.js';

export function createSqliteBlockStore(db: Database): BlockStore {
  const { query } = db;
  return {
    async add({ id, userId, until, reason, by, byId, at, sessionId }) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('blocks')
        .values({ id, user_id: userId, until, reason, by_name: by, by_id: byId, at, session_id: sessionId ?? null })
        .onConflict((conflict) => conflict.column('session_id').doNothing())
        .executeTakeFirst();
      return Number(numInsertedOrUpdatedRows) > 0;
    },

    async standing(now) {
      const rows = query.selectFrom('blocks').selectAll().where('until', '>', now);
      return (await rows.orderBy('at', 'desc').orderBy('id').execute()).map(blockOf);
    },

    lift: (id) =>
      query.transaction().execute(async (tx) => {
        const row = await tx.selectFrom('blocks').selectAll().where('id', '=', id).executeTakeFirst();
        if (row === undefined) return undefined;
        await tx.deleteFrom('blocks').where('id', '=', id).execute();
        return blockOf(row);
      }),
  };
}

const blockOf = (row: BlocksTable): Block => ({
  id: row.id,
  userId: row.user_id,
  until: row.until,
  reason: row.reason,
  by: row.by_name,
  byId: row.by_id,
  at: row.at,
  ...(row.session_id === null ? {} : { sessionId: row.session_id }),
});
