import type { RecordingDeletion } from '@sallyport/core/model/retention.js';
import type { Selectable } from 'kysely';
import type { DeletionStore } from '../../../gateway/ports/deletion-store.js';
import type { Database } from './database.js';
import type { DeletionsTable } from './schema.js';
import { toSession } from './sessions.js';

const OVER = ['ended', 'failed'];
const IDS_PER_STATEMENT = 400;

export function createSqliteDeletionStore(db: Database): DeletionStore {
  const { query } = db;
  return {
    async candidates(limit, after) {
      let rows = query
        .selectFrom('sessions')
        .selectAll()
        .where('ended_at', 'is not', null) // only a session that is over has it, and the index on it gives the order
        .where((eb) =>
          eb.not(eb.exists(eb.selectFrom('deletions').select('at').whereRef('session_id', '=', 'sessions.id'))),
        );
      if (after !== undefined)
        rows = rows.where((eb) => eb(eb.refTuple('ended_at', 'id'), '>', eb.tuple(after[0], after[1])));
      return (await rows.orderBy('ended_at').orderBy('id').limit(limit).execute()).map(toSession);
    },

    // INVARIANT: look and mark share one transaction, which began by taking the write lock; so does placing a hold.
    mark: (deletion, endedBy) =>
      query.transaction().execute(async (tx) => {
        const session = await tx
          .selectFrom('sessions')
          .select(['user_id', 'host_id', 'state', 'ended_at', 'created_at'])
          .where('id', '=', deletion.sessionId)
          .executeTakeFirst();
        if (session === undefined) return 'unknown';
        const before = tx.selectFrom('deletions').select('at').where('session_id', '=', deletion.sessionId);
        if ((await before.executeTakeFirst()) !== undefined) return 'deleted';
        if (!OVER.includes(session.state) || session.ended_at === null) return 'running';
        const hold = await tx
          .selectFrom('holds')
          .select('id')
          .where('lifted_at', 'is', null)
          .where((eb) =>
            eb.or([
              eb.and([eb('subject', '=', 'recording'), eb('subject_id', '=', deletion.sessionId)]),
              eb.and([eb('subject', '=', 'user'), eb('subject_id', '=', session.user_id)]),
              eb.and([eb('subject', '=', 'host'), eb('subject_id', '=', session.host_id)]),
            ]),
          )
          .executeTakeFirst();
        if (hold !== undefined) return 'held';
        if (Math.max(session.ended_at, session.created_at) > endedBy) return 'floor';
        await tx
          .insertInto('deletions')
          .values({
            session_id: deletion.sessionId,
            at: deletion.at,
            by_name: deletion.by,
            by_id: deletion.byId ?? null,
            source: deletion.source,
            rule: deletion.rule ?? null,
            reason: deletion.reason,
            bytes: deletion.bytes,
            head: deletion.head ?? null,
            state: 'marked',
          })
          .execute();
        await tx.deleteFrom('notes').where('session_id', '=', deletion.sessionId).execute();
        return undefined;
      }),

    async advance(sessionId, state) {
      await query.updateTable('deletions').set({ state }).where('session_id', '=', sessionId).execute();
    },

    async unfinished() {
      const rows = query.selectFrom('deletions').selectAll().where('state', '<>', 'done');
      return (await rows.orderBy('at').execute()).map(toDeletion);
    },

    async of(sessionIds) {
      const found = new Map<string, RecordingDeletion>();
      for (let start = 0; start < sessionIds.length; start += IDS_PER_STATEMENT) {
        const rows = await query
          .selectFrom('deletions')
          .selectAll()
          .where('session_id', 'in', sessionIds.slice(start, start + IDS_PER_STATEMENT))
          .execute();
        for (const row of rows) found.set(row.session_id, toDeletion(row));
      }
      return found;
    },
  };
}

function toDeletion(row: Selectable<DeletionsTable>): RecordingDeletion {
  return {
    sessionId: row.session_id,
    at: row.at,
    by: row.by_name,
    ...(row.by_id === null ? {} : { byId: row.by_id }),
    source: row.source,
    ...(row.rule === null ? {} : { rule: row.rule }),
    reason: row.reason,
    bytes: row.bytes,
    ...(row.head === null ? {} : { head: row.head }),
    state: row.state as RecordingDeletion['state'],
  };
}
