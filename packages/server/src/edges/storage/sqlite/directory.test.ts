import { ENGINES, testDatabase } from '../../../../test/fixtures/test-database.js';
import { type DirectoryUnderTest, describeDirectoryContract } from '../../../gateway/ports/directory.contract.js';
import { describeDirectoryUsersContract } from '../../../gateway/ports/directory-users.contract.js';
import { createSqliteDirectory } from './directory.js';
import { createSqliteSecretRows } from './secrets.js';
import { createSqliteSignInStore } from './sign-ins.js';

for (const engine of ENGINES) {
  const make = async (): Promise<DirectoryUnderTest> => {
    const { db, close } = await testDatabase(engine);
    const rows = createSqliteSecretRows(db);
    await rows.claimKeyMark('k1');
    return {
      directory: createSqliteDirectory(db),
      async addSecret(id) {
        await rows.insert({ id, purpose: 'account', keyId: 'k1', wrappedKey: 'w', sealed: 's' });
      },
      hasSecret: async (id) => (await rows.get(id)) !== undefined,
      addTotp: (userId, secretId, recoveryCodesId) =>
        createSqliteSignInStore(db).setTotp(userId, { secretId, recoveryCodesId, lastStep: 0, confirmed: true }),
      close,
    };
  };
  describeDirectoryContract(`sqlite on ${engine}`, make);
  describeDirectoryUsersContract(`sqlite on ${engine}`, make);
}
