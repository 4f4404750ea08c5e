/** What both the server and the local commands stand on: database, vault, identity and audit log of a data directory. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { emptyBook } from '@sallyport/core/policy/book.js';
import { createCelConditions } from '../edges/checks/cel/cel-conditions.js';
import { createIdentity } from '../edges/identity/identity.js';
import { createHeadsFile } from '../edges/storage/disk/heads-file.js';
import { createSqliteAuditLog } from '../edges/storage/sqlite/audit-log.js';
import { createSqliteControlStore } from '../edges/storage/sqlite/control.js';
import { type Database, openDatabase } from '../edges/storage/sqlite/database.js';
import { createSqliteDeletionStore } from '../edges/storage/sqlite/deletions.js';
import { createSqliteDirectory } from '../edges/storage/sqlite/directory.js';
import { migrate } from '../edges/storage/sqlite/migrations.js';
import { createSqliteNoteStore } from '../edges/storage/sqlite/notes.js';
import { createSqliteRecordingKeyRows } from '../edges/storage/sqlite/recording-key-rows.js';
import { createSqliteRecordingLedger } from '../edges/storage/sqlite/recording-ledger.js';
import { createSqliteRetentionStore } from '../edges/storage/sqlite/retention.js';
import { createSqliteSecretRows } from '../edges/storage/sqlite/secrets.js';
import { createSqliteSessionStore } from '../edges/storage/sqlite/sessions.js';
import { createSqliteSignInStore } from '../edges/storage/sqlite/sign-ins.js';
import { createSqliteHeadLog } from '../edges/storage/sqlite/signed-heads.js';
import { createSqliteSigningKeyRows } from '../edges/storage/sqlite/signing-keys.js';
import { createRecordingKeys } from '../edges/vault/recording-keys.js';
import { createSigner } from '../edges/vault/signing-keys.js';
import { createVault } from '../edges/vault/vault.js';
import { createAccessDoor } from '../gateway/control/access-door.js';
import { type Control, createControl } from '../gateway/control/control.js';
import { openControlRoom } from '../gateway/control/control-room.js';
import { mirrorDirectory, reconcile } from '../gateway/control/mirrored-directory.js';
import { createHeadKeeper, type HeadKeeper } from '../gateway/head-keeper.js';
import type { AuditLog } from '../gateway/ports/audit-log.js';
import type { DeletionStore } from '../gateway/ports/deletion-store.js';
import type { Directory } from '../gateway/ports/directory.js';
import type { HeadLog } from '../gateway/ports/head-log.js';
import type { Identity } from '../gateway/ports/identity.js';
import type { NoteStore } from '../gateway/ports/note-store.js';
import type { RecordingKeys } from '../gateway/ports/recording-keys.js';
import type { RecordingLedger } from '../gateway/ports/recording-ledger.js';
import type { RetentionStore } from '../gateway/ports/retention-store.js';
import type { SessionStore } from '../gateway/ports/session-store.js';
import type { Signer } from '../gateway/ports/signer.js';
import type { Vault } from '../gateway/ports/vault.js';
import { type DataPaths, dataPaths, OWNER_ONLY_UMASK, prepareDataDirectory } from './data-directory.js';
import type { Config } from './settings.js';
import { systemClock } from './system-clock.js';

export interface Stores {
  readonly paths: DataPaths;
  readonly database: Database;
  readonly directory: Directory;
  readonly sessions: SessionStore;
  readonly retention: RetentionStore;
  readonly deletions: DeletionStore;
  readonly notes: NoteStore;
  readonly control: Control;
  readonly audit: AuditLog;
  readonly vault: Vault;
  readonly recordingKeys: RecordingKeys;
  readonly identity: Identity;
  readonly signer: Signer;
  readonly ledger: RecordingLedger;
  /** The database's, and the one outside it. */
  readonly headLogs: readonly HeadLog[];
  readonly heads: HeadKeeper;
  close(): Promise<void>;
}

/** What of the settings the stores depend on. */
export type StoresConfig = Pick<Config, 'data' | 'masterKeyFile'>;

export async function openStores(config: StoresConfig): Promise<Stores> {
  const paths = dataPaths(config);
  process.umask(OWNER_ONLY_UMASK);
  prepareDataDirectory(paths.data);
  const database = await openDatabase({ file: paths.database });
  try {
    await migrate(database);
    const clock = systemClock;
    const random = randomBytes;
    const stored = createSqliteDirectory(database);
    const room = await openControlRoom(createSqliteControlStore(database), clock, emptyBook(createCelConditions()));
    await reconcile(room, stored);
    const directory = mirrorDirectory(stored, room);
    const control = createControl(room, clock, random);
    const audit = createSqliteAuditLog(database, clock);
    const vault = await createVault({
      rows: createSqliteSecretRows(database),
      masterKeyFile: paths.masterKey,
      createKey: config.masterKeyFile === undefined,
    });
    const signer = await createSigner({ rows: createSqliteSigningKeyRows(database), vault, clock });
    const ledger = createSqliteRecordingLedger(database, clock);
    const headLogs = [createSqliteHeadLog(database), createHeadsFile(paths.heads)];
    const heads = createHeadKeeper({ audit, ledger, signer, logs: headLogs, clock });
    const store = createSqliteSignInStore(database);
    const catchUp = (): Promise<void> => reconcile(room, stored);
    const door = createAccessDoor({ control, audit, clock, random, catchUp });
    const identity = await createIdentity({ store, users: directory, vault, audit, clock, random, door });
    return {
      paths,
      database,
      directory,
      sessions: createSqliteSessionStore(database),
      retention: createSqliteRetentionStore(database),
      deletions: createSqliteDeletionStore(database),
      notes: createSqliteNoteStore(database),
      control,
      audit,
      vault,
      recordingKeys: createRecordingKeys(vault, createSqliteRecordingKeyRows(database)),
      identity,
      signer,
      ledger,
      headLogs,
      heads,
      async close() {
        await identity.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** For commands that would make no sense on new data. */
export async function openExistingStores(config: StoresConfig): Promise<Stores> {
  const { database, data } = dataPaths(config);
  if (!existsSync(database)) throw new Error(`${data} holds no data of Sallyport; name its directory with --data`);
  return await openStores(config);
}
