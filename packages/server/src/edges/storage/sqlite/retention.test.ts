import { describe, expect, it } from 'vitest';
import { ENGINES, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeDeletionStoreContract } from '../../../gateway/ports/deletion-store.contract.js';
import { describeRetentionStoreContract } from '../../../gateway/ports/retention-store.contract.js';
import { createSqliteDeletionStore } from './deletions.js';
import { createSqliteRetentionStore } from './retention.js';
import { createSqliteSessionStore } from './sessions.js';

for (const engine of ENGINES) {
  describeRetentionStoreContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    return { store: createSqliteRetentionStore(db), close };
  });
  describeDeletionStoreContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    const [sessions, retention] = [createSqliteSessionStore(db), createSqliteRetentionStore(db)];
    return { store: createSqliteDeletionStore(db), sessions, retention, close };
  });
}

describe('the walk over candidates', () => {
  it('uses an index: a sweep of a large table sorts nothing', async () => {
    const { db, close } = await testDatabase();
    try {
      const { sql } = await import('kysely');
      const plan = await sql<{ detail: string }>`explain query plan
        select * from sessions where ended_at is not null and not exists (select at from deletions where session_id = sessions.id)
        and (ended_at, id) > (5, 'x') order by ended_at, id limit 10`.execute(db.query);
      const text = plan.rows.map(({ detail }) => detail).join('\n');
      expect(text).toContain('sessions_ended');
      expect(text).not.toContain('TEMP B-TREE');
    } finally {
      await close();
    }
  });
});
