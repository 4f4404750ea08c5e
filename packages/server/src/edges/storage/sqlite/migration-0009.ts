/** Four eyes: a host may require that somebody watches. Hosts there were require nobody. */
import type { Kysely, Migration } from 'kysely';

export const watcherRequired: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .alterTable('hosts')
      .addColumn('watcher_required', 'integer', (c) => c.notNull().defaultTo(0))
      .execute();
  },
};
