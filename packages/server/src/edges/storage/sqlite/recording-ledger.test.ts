import { sql } from 'kysely';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../../../../test/fixtures/fake-clock.js';
import { ENGINES, type TestDatabase, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeHeadLogContract } from '../../../gateway/ports/head-log.contract.js';
import { describeLedgerContract } from '../../../gateway/ports/recording-ledger.contract.js';
import type { RecordingLedger } from '../../../gateway/ports/recording-ledger.js';
import { describeSigningKeyRowsContract } from '../../../gateway/ports/signing-key-rows.contract.js';
import { createSqliteRecordingLedger } from './recording-ledger.js';
import { createSqliteHeadLog } from './signed-heads.js';
import { createSqliteSigningKeyRows } from './signing-keys.js';

for (const engine of ENGINES) {
  describeLedgerContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    return { ledger: createSqliteRecordingLedger(db, fakeClock()), close };
  });
  describeHeadLogContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    return { log: createSqliteHeadLog(db), close };
  });
  describeSigningKeyRowsContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    return { rows: createSqliteSigningKeyRows(db), close };
  });
}

describe('V47: the ledger in SQLite', () => {
  let test: TestDatabase;
  let ledger: RecordingLedger;
  beforeEach(async () => {
    test = await testDatabase();
    ledger = createSqliteRecordingLedger(test.db, fakeClock());
    for (const id of ['a', 'b', 'c']) await ledger.append({ kind: 'opened', sessionId: id });
  });
  afterEach(() => test.close());

  async function tamper(statement: string): Promise<void> {
    for (const change of ['update', 'delete'])
      await sql`drop trigger if exists ${sql.ref(`recording_ledger_no_${change}`)}`.execute(test.db.query);
    await sql.raw(statement).execute(test.db.query);
  }

  it('blocks changes and deletions in the database itself', async () => {
    const { query } = test.db;
    await expect(query.deleteFrom('recording_ledger').execute()).rejects.toThrow('append-only');
    await expect(query.updateTable('recording_ledger').set({ at: 1 }).execute()).rejects.toThrow('append-only');
    await expect(query.deleteFrom('signed_heads').execute()).resolves.toBeDefined(); // empty
  });

  it.each([
    ["update recording_ledger set session_id = 'x' where seq = 2", 2],
    ['update recording_ledger set number = 7 where seq = 2', 2],
    ['update recording_ledger set at = at + 1 where seq = 3', 3],
    ["update recording_ledger set kind = 'deleted' where seq = 1", 1],
    ['update recording_ledger set fields = \'{"reason":"x"}\' where seq = 1', 1],
    ["update recording_ledger set fields = 'no json' where seq = 1", 1],
    ['update recording_ledger set prev_hash = hash where seq = 2', 2],
    ['delete from recording_ledger where seq = 2', 2],
    ['delete from recording_ledger where seq = 3', 3],
    ['delete from recording_ledger', 1],
    [
      "insert into recording_ledger select 4, at, kind, 4, 'd', fields, hash, hash from recording_ledger where seq = 3",
      4,
    ],
    ["update meta set value = '2 ' || (select hash from recording_ledger where seq = 2) where key = 'ledger.head'", 3],
  ])('%s: entry %i is named', async (statement, badSeq) => {
    await tamper(statement);
    expect(await ledger.verify()).toMatchObject({ ok: false, badSeq });
  });
});
