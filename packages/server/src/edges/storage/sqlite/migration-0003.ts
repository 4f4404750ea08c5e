import { type Kysely, type Migration, sql } from 'kysely';

/** What keeping and deleting recordings needs: labels as they were, holds, deletions, keys of encrypted recordings. */
export const keepTables: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('sessions')
      .addColumn('host_labels', 'text', (c) => c.notNull().defaultTo('{}'))
      .execute();
    // For sessions before this version the labels of today are the best there is.
    await sql`update sessions set host_labels =
      coalesce((select labels from hosts where hosts.id = sessions.host_id), '{}')`.execute(db);
    await db.schema.createIndex('sessions_ended').on('sessions').columns(['ended_at', 'id']).execute();
    await db.schema
      .createTable('holds')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('subject', 'text', (c) => c.notNull())
      .addColumn('subject_id', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('by_name', 'text', (c) => c.notNull())
      .addColumn('by_id', 'text')
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('lifted_at', 'bigint')
      .addColumn('lifted_by', 'text')
      .addColumn('lifted_by_id', 'text')
      .addColumn('lift_reason', 'text')
      .execute();
    await db.schema.createIndex('holds_subject').on('holds').columns(['subject_id', 'at']).execute();
    // INVARIANT: one hold stands per subject.
    await sql`create unique index holds_standing on holds (subject, subject_id) where lifted_at is null`.execute(db);
    await db.schema
      .createTable('deletions')
      .addColumn('session_id', 'text', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('by_name', 'text', (c) => c.notNull())
      .addColumn('by_id', 'text')
      .addColumn('source', 'text', (c) => c.notNull())
      .addColumn('rule', 'text')
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('bytes', 'bigint', (c) => c.notNull())
      .addColumn('head', 'text')
      .addColumn('state', 'text', (c) => c.notNull())
      .execute();
    await sql`create index deletions_unfinished on deletions (at) where state <> 'done'`.execute(db);
    await db.schema
      .createTable('recording_keys')
      .addColumn('session_id', 'text', (c) => c.primaryKey())
      .addColumn('sealed', 'text', (c) => c.notNull())
      .execute();
  },
};
