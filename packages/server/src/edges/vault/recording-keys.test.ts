import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ENGINES, testDatabase } from '../../../test/fixtures/test-database.js';
import { describeRecordingKeysContract } from '../../gateway/ports/recording-keys.contract.js';
import { createSqliteRecordingKeyRows } from '../storage/sqlite/recording-key-rows.js';
import { createSqliteSecretRows } from '../storage/sqlite/secrets.js';
import { createRecordingKeys } from './recording-keys.js';
import { createVault } from './vault.js';

async function world(engine?: (typeof ENGINES)[number]) {
  const { db, folder, close } = await testDatabase(engine);
  const rows = createSqliteRecordingKeyRows(db);
  const vault = await createVault({ rows: createSqliteSecretRows(db), masterKeyFile: join(folder, 'master.key') });
  return { db, rows, vault, keys: createRecordingKeys(vault, rows), close };
}

for (const engine of ENGINES) {
  describeRecordingKeysContract(`vault over sqlite on ${engine}`, async () => {
    const { vault, rows, keys, close } = await world(engine);
    return { keys, reopen: async () => createRecordingKeys(vault, rows), close };
  });
}

it('open after a rotation of the master key, which rewrites one row for all of them (W22)', async () => {
  const { vault, rows, keys, close } = await world();
  try {
    for (const id of ['s1', 's2', 's3']) await keys.create(id);
    const sealed = await rows.get('s2');
    expect(await vault.rotate()).toBe(1);
    expect(await rows.get('s2')).toBe(sealed);
    expect(await createRecordingKeys(vault, rows).find('s2')).toHaveLength(32);
  } finally {
    await close();
  }
});

it('a key put into another recording’s row does not open, and the error names no key (V46)', async () => {
  const { db, rows, keys, close } = await world();
  try {
    await keys.create('s1');
    const sealed = (await rows.get('s1')) ?? '';
    await rows.insert('s2', sealed);
    const error: unknown = await keys.find('s2').catch((e: unknown) => e);
    expect(String(error)).toMatch(/recording s2 does not open/);
    expect(String(error)).not.toContain(sealed);
    expect(db.engine).toBeDefined();
  } finally {
    await close();
  }
});
