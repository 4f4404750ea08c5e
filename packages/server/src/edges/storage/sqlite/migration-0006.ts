import type { Kysely, Migration } from 'kysely';

/** Users who are kept out for a time; one for each session whose end brought it. */
export const blockTable: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('blocks')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('until', 'bigint', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('by_name', 'text', (c) => c.notNull())
      .addColumn('by_id', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('session_id', 'text', (c) => c.notNull().unique())
      .execute();
    await db.schema.createIndex('blocks_until').on('blocks').columns(['until']).execute();
    await db.schema.createIndex('blocks_user').on('blocks').columns(['user_id', 'until']).execute();
  },
};
