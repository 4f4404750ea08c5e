import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ENGINES, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeRecordingKeyRowsContract } from '../../../gateway/ports/recording-key-rows.contract.js';
import { createSqliteRecordingKeyRows } from './recording-key-rows.js';

for (const engine of ENGINES) {
  describeRecordingKeyRowsContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    const folder = dirname(db.file);
    const bytes = async () => Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
    return { rows: createSqliteRecordingKeyRows(db), bytes, close };
  });
}
