/**
 * Brings the schema up to this code, in one transaction: all or nothing, and a second process starting at the same time
 * waits. There is no way down; a database written by a newer version is refused instead (F24).
 */
import { type Migration, Migrator, sql } from 'kysely';
import type { Database } from './database.js';
import { firstTables } from './migration-0001.js';
import { integrity } from './migration-0002.js';
import { keepTables } from './migration-0003.js';
import { noteTable } from './migration-0004.js';
import { importColumn } from './migration-0005.js';
import { blockTable } from './migration-0006.js';
import { blockSession } from './migration-0007.js';
import { controlLog } from './migration-0008.js';
import { watcherRequired } from './migration-0009.js';

/** Never renamed, never reordered, never changed once released: only added to. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-tables': firstTables,
  '0002-integrity': integrity,
  '0003-keep-tables': keepTables,
  '0004-note-table': noteTable,
  '0005-import-column': importColumn,
  '0006-block-table': blockTable,
  '0007-block-session': blockSession,
  '0008-control-log': controlLog,
  '0009-watcher-required': watcherRequired,
};
const MIGRATION_TABLE = 'schema_migration';

export async function migrate(db: Database): Promise<void> {
  const newer = (await applied(db)).filter((name) => !Object.hasOwn(MIGRATIONS, name));
  if (newer.length > 0) {
    throw new Error(
      `The database ${db.file} was written by a newer version of Sallyport (it knows ${newer.join(', ')}). ` +
        'Start that version again, or restore the backup made before the upgrade.',
    );
  }
  const migrator = new Migrator({
    db: db.query,
    provider: { getMigrations: async () => ({ ...MIGRATIONS }) },
    migrationTableName: MIGRATION_TABLE,
    migrationLockTableName: `${MIGRATION_TABLE}_lock`,
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

async function applied(db: Database): Promise<readonly string[]> {
  const tables = await db.query.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === MIGRATION_TABLE)) return [];
  const { rows } = await sql<{ name: string }>`select name from ${sql.table(MIGRATION_TABLE)}`.execute(db.query);
  return rows.map(({ name }) => name);
}
