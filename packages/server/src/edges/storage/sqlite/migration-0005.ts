import type { Kysely, Migration } from 'kysely';

/** Imported recordings: where each comes from, as JSON; null for the sessions of this gateway. */
export const importColumn: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema.alterTable('sessions').addColumn('origin', 'text').execute();
  },
};
