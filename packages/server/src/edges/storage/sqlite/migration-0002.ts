import { type Kysely, type Migration, sql } from 'kysely';
import { appendOnly } from './migration-0001.js';

/** Signing keys, the ledger of recordings, and signed heads. */
export const integrity: Migration = {
  async up(db: Kysely<unknown>) {
    await db.schema
      .createTable('signing_keys')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('x', 'text', (c) => c.notNull())
      .addColumn('valid_from', 'bigint', (c) => c.notNull())
      .addColumn('valid_until', 'bigint')
      .addColumn('secret_id', 'text')
      .execute();
    // At most one key is in force, whoever else rotates at that moment.
    await sql`create unique index signing_keys_in_force on signing_keys ((valid_until is null)) where valid_until is null`.execute(
      db,
    );
    await db.schema
      .createTable('recording_ledger')
      .addColumn('seq', 'bigint', (c) => c.primaryKey())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('number', 'bigint')
      .addColumn('session_id', 'text')
      .addColumn('fields', 'text', (c) => c.notNull())
      .addColumn('prev_hash', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull())
      .execute();
    await db.schema
      .createIndex('recording_ledger_session')
      .on('recording_ledger')
      .columns(['session_id', 'seq'])
      .execute();
    await appendOnly(db, 'recording_ledger');
    await db.schema
      .createTable('signed_heads')
      .addColumn('id', 'integer', (c) => c.primaryKey())
      .addColumn('line', 'text', (c) => c.notNull())
      .execute();
    await appendOnly(db, 'signed_heads');
  },
};
