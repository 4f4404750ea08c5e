/** Opens, closes and copies the embedded database. What is asked of it stands in one file per noun beside this one. */
import { chmodSync, closeSync, existsSync, mkdirSync, openSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Kysely } from 'kysely';
import type { Schema } from './schema.js';
import { type SqliteEngine, sqliteDialect, startSqliteThread } from './sqlite-dialect.js';

export interface Database {
  readonly query: Kysely<Schema>;
  readonly file: string;
  readonly engine: SqliteEngine;
  close(): Promise<void>;
}

const OWNER_ONLY_FILE = 0o600;
const OWNER_ONLY_FOLDER = 0o700;

export async function openDatabase({ file, engine }: { file: string; engine?: SqliteEngine }): Promise<Database> {
  if (!existsSync(dirname(file))) mkdirSync(dirname(file), { recursive: true, mode: OWNER_ONLY_FOLDER });
  // Made by us before SQLite would make it: SQLite gives its -wal and -shm files the mode of this one.
  if (!existsSync(file)) closeSync(openSync(file, 'a', OWNER_ONLY_FILE));
  if ((statSync(file).mode & 0o077) !== 0) chmodSync(file, OWNER_ONLY_FILE);
  const thread = await startSqliteThread(file, engine).catch((error: unknown) => {
    throw new Error(`The database ${file} cannot be opened: ${error instanceof Error ? error.message : error}`);
  });
  const query = new Kysely<Schema>({ dialect: sqliteDialect(thread) });
  return {
    query,
    file,
    engine: thread.engine,
    async close() {
      await query.destroy();
      await thread.close(); // Kysely destroys only a driver it has used
    },
  };
}

/**
 * A consistent copy while the server runs: a second reader, so that nothing waits. Refuses an existing file. The copy
 * holds sealed secrets; without the master key they stay sealed, so keep a copy of the key elsewhere.
 */
export async function backupDatabase(db: Pick<Database, 'file' | 'engine'>, file: string): Promise<void> {
  closeSync(openSync(file, 'wx', OWNER_ONLY_FILE)); // VACUUM INTO takes an empty file and keeps its mode
  let thread: Awaited<ReturnType<typeof startSqliteThread>> | undefined;
  try {
    thread = await startSqliteThread(db.file, db.engine);
    await thread.execute('VACUUM INTO ?', [file]);
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    await thread?.close();
  }
}
