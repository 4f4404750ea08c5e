import { MAX_NOTES } from '@sallyport/core/model/recording-note.js';
import type { NoteStore } from '../../../gateway/ports/note-store.js';
import type { Database } from './database.js';

export function createSqliteNoteStore(db: Database): NoteStore {
  const { query } = db;
  return {
    add: (note) =>
      query.transaction().execute(async (tx) => {
        const { count } = await tx
          .selectFrom('notes')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .where('session_id', '=', note.sessionId)
          .executeTakeFirstOrThrow();
        if (Number(count) >= MAX_NOTES) return false;
        await tx
          .insertInto('notes')
          .values({
            id: note.id,
            session_id: note.sessionId,
            at_ms: note.atMs,
            text: note.text,
            author: note.author,
            author_id: note.authorId,
            created_at: note.createdAt,
          })
          .execute();
        return true;
      }),

    async of(sessionId) {
      const rows = query.selectFrom('notes').selectAll().where('session_id', '=', sessionId);
      return (await rows.orderBy('at_ms').orderBy('created_at').orderBy('id').execute()).map((row) => ({
        id: row.id,
        sessionId: row.session_id,
        atMs: row.at_ms,
        text: row.text,
        author: row.author,
        authorId: row.author_id,
        createdAt: row.created_at,
      }));
    },

    async remove(sessionId, noteId) {
      const { numDeletedRows } = await query
        .deleteFrom('notes')
        .where('session_id', '=', sessionId)
        .where('id', '=', noteId)
        .executeTakeFirst();
      return Number(numDeletedRows) > 0;
    },
  };
}
