import { ENGINES, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeSessionStoreContract } from '../../../gateway/ports/session-store.contract.js';
import { createSqliteSessionStore } from './sessions.js';

for (const engine of ENGINES) {
  describeSessionStoreContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    return { store: createSqliteSessionStore(db), close };
  });
}
