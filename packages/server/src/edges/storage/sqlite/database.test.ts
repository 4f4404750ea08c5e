import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../../../test/fixtures/fake-clock.js';
import { ENGINES, type TestDatabase, testDatabase } from '../../../../test/fixtures/test-database.js';
import { createSqliteAuditLog } from './audit-log.js';
import { backupDatabase, openDatabase } from './database.js';
import { migrate } from './migrations.js';
import { type SqliteThread, sqliteDialect, startSqliteThread } from './sqlite-dialect.js';

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

describe.each(ENGINES)('database on %s', (engine) => {
  let test: TestDatabase;
  beforeEach(async () => {
    test = await testDatabase(engine);
  });
  afterEach(() => test.close());

  it('runs on the engine asked for, with its safeguards on', async () => {
    expect(test.db.engine).toBe(engine);
    const pragma = async (name: string) => {
      const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(test.db.query);
      return Object.values(rows[0] ?? {})[0];
    };
    expect(await pragma('journal_mode')).toBe('wal');
    expect(await pragma('foreign_keys')).toBe(1);
    expect(await pragma('synchronous')).toBe(2);
    expect(await pragma('busy_timeout')).toBe(5000);
  });

  it('keeps every file of it from other users (V46)', () => {
    const folder = join(test.folder, 'data');
    expect(modeOf(folder)).toBe('700');
    const files = readdirSync(folder);
    expect(files).toContain('sallyport.db-wal');
    for (const file of files) expect(modeOf(join(folder, file))).toBe('600');
  });

  it('closes what it finds open to others (V46)', async () => {
    const { file } = test.db;
    chmodSync(file, 0o644);
    const again = await openDatabase({ file, engine });
    await again.close();
    expect(modeOf(file)).toBe('600');
  });

  it('stores text whole: any script, quotes, SQL; NUL becomes visible', async () => {
    const texts = ['周 Ünal 👩‍💻', `'; drop table users; --`, 'a\u0000b', ''];
    for (const [i, value] of texts.entries()) {
      await test.db.query
        .insertInto('meta')
        .values({ key: `t${i}`, value })
        .execute();
    }
    const rows = await test.db.query.selectFrom('meta').select('value').orderBy('key').execute();
    expect(rows.map(({ value }) => value)).toEqual([texts[0], texts[1], 'a\ufffdb', '']);
  });

  it('refuses a value no column holds, and lives on', async () => {
    const wrong = { key: 'k', value: true as unknown as string };
    await expect(test.db.query.insertInto('meta').values(wrong).execute()).rejects.toThrow('boolean');
    expect(await test.db.query.selectFrom('meta').selectAll().execute()).toEqual([]);
  });

  it('never repeats a value in an error (V46)', async () => {
    const row = { key: 'k', value: 'canary-5f1d' };
    await test.db.query.insertInto('meta').values(row).execute();
    const error: unknown = await test.db.query
      .insertInto('meta')
      .values(row)
      .execute()
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'SQLITE_CONSTRAINT' });
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('canary-5f1d');
  });

  it('gives one transaction after the other, and undoes one that throws', async () => {
    const { query } = test.db;
    const add = (key: string) =>
      query.transaction().execute(async (tx) => {
        const rows = await tx.selectFrom('meta').selectAll().execute();
        await tx
          .insertInto('meta')
          .values({ key, value: `${rows.length}` })
          .execute();
        if (key === 'bad') throw new Error('undo');
      });
    const done = await Promise.allSettled(['a', 'bad', 'b', 'c'].map(add));
    expect(done.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    const rows = await query.selectFrom('meta').selectAll().orderBy('key').execute();
    expect(rows.map(({ key, value }) => key + value)).toEqual(['a0', 'b1', 'c2']);
  });

  it('a rollback that failed is made up for before anything else is written (F26)', async () => {
    const file = join(test.folder, 'doubt.db');
    const real = await startSqliteThread(file, engine);
    const failing = new Set<string>();
    const execute: SqliteThread['execute'] = (text, values) =>
      failing.has(text) ? Promise.reject(new Error('disk I/O error')) : real.execute(text, values);
    const query = new Kysely<{ t: { n: number } }>({ dialect: sqliteDialect({ ...real, execute }) });
    await sql`create table t (n integer)`.execute(query);
    const add = (n: number) => query.insertInto('t').values({ n }).execute();
    failing.add('commit').add('rollback');
    const lost = query.transaction().execute((tx) => tx.insertInto('t').values({ n: 1 }).execute());
    await expect(lost).rejects.toThrow('disk I/O error');
    await expect(add(2)).rejects.toThrow('disk I/O error'); // never into the transaction that is left over
    failing.clear();
    await add(3);
    await query.transaction().execute((tx) => tx.insertInto('t').values({ n: 4 }).execute());
    const other = await startSqliteThread(file, engine);
    expect((await other.execute('select n from t order by n', [])).rows).toEqual([{ n: 3 }, { n: 4 }]);
    await other.close();
    await query.destroy();
  });

  it('migrates twice, and in two processes at once, to the same (F24)', async () => {
    await migrate(test.db);
    const file = join(test.folder, 'both.db');
    const both = await Promise.all([openDatabase({ file, engine }), openDatabase({ file, engine })]);
    await Promise.all(both.map(migrate));
    const tables = await both[0].query.introspection.getTables();
    expect(tables.map(({ name }) => name)).toEqual(expect.arrayContaining(['users', 'audit', 'sessions', 'secrets']));
    await Promise.all(both.map((db) => db.close()));
  });

  it('refuses a database of a newer version and says what to do (F24)', async () => {
    const stamp = new Date(0).toISOString();
    await sql`insert into schema_migration (name, timestamp) values ('9999-from-later', ${stamp})`.execute(
      test.db.query,
    );
    await expect(migrate(test.db)).rejects.toThrow(/newer version.*9999-from-later.*Start that version again/s);
  });

  it('says which file is no database', async () => {
    const file = join(test.folder, 'not.db');
    writeFileSync(file, 'this is a letter, not a database. '.repeat(40));
    await expect(openDatabase({ file, engine })).rejects.toThrow(/not\.db cannot be opened/);
    mkdirSync(join(test.folder, 'folder.db'));
    await expect(openDatabase({ file: join(test.folder, 'folder.db'), engine })).rejects.toThrow();
  });

  it('answers with an error after closing, not with silence', async () => {
    const other = await openDatabase({ file: test.db.file, engine });
    await other.close();
    await other.close();
    await expect(other.query.selectFrom('meta').selectAll().execute()).rejects.toThrow();
  });

  it('copies itself consistently while it is written to (F24)', async () => {
    const log = createSqliteAuditLog(test.db, fakeClock());
    const append = () => log.append({ action: 'server.start', result: 'ok', actor: 'system', source: 'local' });
    for (let i = 0; i < 20; i++) await append();
    const file = join(test.folder, 'copy.db');
    const writes = Array.from({ length: 300 }, append);
    await backupDatabase(test.db, file);
    await Promise.all(writes);
    expect(modeOf(file)).toBe('600');

    const copy = await openDatabase({ file, engine });
    await migrate(copy);
    const verdict = await createSqliteAuditLog(copy, fakeClock()).verify();
    expect(verdict.ok).toBe(true);
    expect(verdict.entries).toBeGreaterThanOrEqual(20);
    await copy.close();
    await expect(backupDatabase(test.db, file)).rejects.toThrow(/EEXIST/); // never over another file
  });
});
