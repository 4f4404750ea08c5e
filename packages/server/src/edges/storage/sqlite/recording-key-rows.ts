import { sql } from 'kysely';
import type { RecordingKeyRows } from '../../../gateway/ports/recording-key-rows.js';
import type { Database } from './database.js';

const WRAP_ID = 'recording-keys.wrap-id';

export function createSqliteRecordingKeyRows(db: Database): RecordingKeyRows {
  const { query } = db;
  const wrapId = async () =>
    (await query.selectFrom('meta').select('value').where('key', '=', WRAP_ID).executeTakeFirst())?.value;
  return {
    async insert(sessionId, sealed) {
      const { numInsertedOrUpdatedRows } = await query
        .insertInto('recording_keys')
        .values({ session_id: sessionId, sealed })
        .onConflict((c) => c.column('session_id').doNothing())
        .executeTakeFirst();
      return (numInsertedOrUpdatedRows ?? 0n) > 0n;
    },

    async get(sessionId) {
      const row = query.selectFrom('recording_keys').select('sealed').where('session_id', '=', sessionId);
      return (await row.executeTakeFirst())?.sealed;
    },

    async remove(sessionId) {
      const { numDeletedRows } = await query
        .deleteFrom('recording_keys')
        .where('session_id', '=', sessionId)
        .executeTakeFirst();
      // The pages are overwritten by `secure_delete`; the write-ahead log still holds them as they were.
      if (numDeletedRows > 0n) await sql`pragma wal_checkpoint(truncate)`.execute(query);
    },

    wrapId,
    async claimWrapId(id) {
      await query
        .insertInto('meta')
        .values({ key: WRAP_ID, value: id })
        .onConflict((c) => c.column('key').doNothing())
        .execute();
      return (await wrapId()) ?? id;
    },
  };
}
