import type { Directory } from '../../../gateway/ports/directory.js';
import { createSqliteAccounts } from './accounts.js';
import type { Database } from './database.js';
import { createSqliteHostKeys } from './host-keys.js';
import { createSqliteInventory } from './hosts.js';
import { createSqliteUsers } from './users.js';

export function createSqliteDirectory(db: Database): Directory {
  return {
    ...createSqliteInventory(db),
    ...createSqliteAccounts(db),
    ...createSqliteHostKeys(db),
    ...createSqliteUsers(db),
  };
}
