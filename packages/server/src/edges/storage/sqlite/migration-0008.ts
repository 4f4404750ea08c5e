/** The control book's log. Blocks become facts of it, so that there is one truth about who is kept out. */
import type { Kysely, Migration } from 'kysely';

interface Before {
  blocks: {
    id: string;
    user_id: string;
    until: number;
    reason: string;
    by_name: string;
    by_id: string;
    at: number;
    session_id: string | null;
  };
  control_changes: Record<string, string | number | null>;
}

export const controlLog: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('control_changes')
      .addColumn('version', 'integer', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('by_name', 'text', (c) => c.notNull())
      .addColumn('noun', 'text', (c) => c.notNull())
      .addColumn('fact_key', 'text', (c) => c.notNull())
      .addColumn('before_fact', 'text')
      .addColumn('after_fact', 'text')
      .execute();
    const known = db as Kysely<Before>;
    const blocks = await known.selectFrom('blocks').selectAll().orderBy('at').orderBy('id').execute();
    for (const [index, row] of blocks.entries()) {
      const block = {
        id: row.id,
        on: { user: row.user_id },
        source: 'manual',
        reason: row.reason,
        by: row.by_name,
        byId: row.by_id,
        ...(row.session_id === null ? {} : { session: row.session_id }),
        from: row.at,
        until: row.until,
      };
      await known
        .insertInto('control_changes')
        .values({
          version: index + 1,
          at: row.at,
          by_name: row.by_name,
          noun: 'block',
          fact_key: row.id,
          after_fact: JSON.stringify(block),
        })
        .execute();
    }
    await db.schema.dropTable('blocks').execute();
  },
};
