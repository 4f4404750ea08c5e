import { ENGINES, testDatabase } from '../../../../test/fixtures/test-database.js';
import { describeSignInStoreContract } from '../../../gateway/ports/sign-in-store.contract.js';
import { createSqliteDirectory } from './directory.js';
import { createSqliteSignInStore } from './sign-ins.js';

for (const engine of ENGINES) {
  describeSignInStoreContract(`sqlite on ${engine}`, async () => {
    const { db, close } = await testDatabase(engine);
    const directory = createSqliteDirectory(db);
    const times = { createdAt: 0, updatedAt: 0 };
    return {
      store: createSqliteSignInStore(db),
      async addUser(id) {
        const who = { id, name: id, displayName: id, role: 'operator', active: true, totpEnabled: false } as const;
        await directory.createUser({ ...who, ...times }, 'hash');
      },
      close,
    };
  });
}
