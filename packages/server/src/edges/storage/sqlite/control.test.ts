import { ENGINES, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeControlStoreContract } from '../../../gateway/ports/control-store.contract.js';
import { createSqliteControlStore } from './control.js';

for (const engine of ENGINES) {
  describeControlStoreContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    return { store: createSqliteControlStore(db), close };
  });
}
