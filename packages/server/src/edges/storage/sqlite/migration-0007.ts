/** Users are blocked without ending a session too: then a block has none. SQLite makes a column optional by making the table anew. */
import type { Kysely, Migration } from 'kysely';

const COLUMNS = ['id', 'user_id', 'until', 'reason', 'by_name', 'by_id', 'at', 'session_id'] as const;

export const blockSession: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.dropIndex('blocks_until').execute();
    await db.schema.dropIndex('blocks_user').execute();
    await db.schema.alterTable('blocks').renameTo('blocks_0006').execute();
    await db.schema
      .createTable('blocks')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('user_id', 'text', (c) => c.notNull())
      .addColumn('until', 'bigint', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('by_name', 'text', (c) => c.notNull())
      .addColumn('by_id', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('session_id', 'text', (c) => c.unique())
      .execute();
    await (db as Kysely<Record<'blocks' | 'blocks_0006', Record<string, unknown>>>)
      .insertInto('blocks')
      .columns([...COLUMNS])
      .expression((from) => from.selectFrom('blocks_0006').select([...COLUMNS]))
      .execute();
    await db.schema.dropTable('blocks_0006').execute();
    await db.schema.createIndex('blocks_until').on('blocks').columns(['until']).execute();
    await db.schema.createIndex('blocks_user').on('blocks').columns(['user_id', 'until']).execute();
  },
};
