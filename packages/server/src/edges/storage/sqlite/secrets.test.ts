import { ENGINES, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeSecretRowsContract } from '../../../gateway/ports/secret-rows.contract.js';
import { createSqliteSecretRows } from './secrets.js';

for (const engine of ENGINES) {
  describeSecretRowsContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    return { rows: createSqliteSecretRows(db), close };
  });
}
