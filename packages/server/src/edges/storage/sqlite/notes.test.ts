import { ENGINES, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeNoteStoreContract } from '../../../gateway/ports/note-store.contract.js';
import { createSqliteNoteStore } from './notes.js';

for (const engine of ENGINES) {
  describeNoteStoreContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    return { store: createSqliteNoteStore(db), close };
  });
}
