import { ENGINES, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeBlockStoreContract } from '../../../gateway/ports/block-store.contract.js';
import { createSqliteBlockStore } from './blocks.js';

for (const engine of ENGINES) {
  describeBlockStoreContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    return { store: createSqliteBlockStore(db), close };
  });
}
