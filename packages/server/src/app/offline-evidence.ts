/** A data directory looked at from outside, a copy of one too: no master key is needed, and nothing is signed. */
import { existsSync } from 'node:fs';
import type { SignedHead } from '@sallyport/core/evidence/signed-head.js';
import type { SigningKey } from '@sallyport/core/evidence/signing-key.js';
import { createDiskRecordingShelf } from '../edges/storage/disk/disk-recording-shelf.js';
import { createDiskRecordingStore } from '../edges/storage/disk/disk-recording-store.js';
import { createHeadsFile } from '../edges/storage/disk/heads-file.js';
import { createSqliteAuditLog } from '../edges/storage/sqlite/audit-log.js';
import { openDatabase } from '../edges/storage/sqlite/database.js';
import { migrate } from '../edges/storage/sqlite/migrations.js';
import { createSqliteRecordingLedger } from '../edges/storage/sqlite/recording-ledger.js';
import { createSqliteSessionStore } from '../edges/storage/sqlite/sessions.js';
import { createSqliteHeadLog } from '../edges/storage/sqlite/signed-heads.js';
import { createSqliteSigningKeyRows } from '../edges/storage/sqlite/signing-keys.js';
import { checkIntegrity } from '../gateway/integrity-check.js';
import type { IntegrityReport } from '../gateway/integrity-report.js';
import { createRecordingVerifier, type RecordingVerdict } from '../gateway/verify-one.js';
import { dataPaths } from './data-directory.js';
import { VERIFY_TOOLS } from './evidence.js';
import type { Config } from './settings.js';
import { systemClock } from './system-clock.js';

export interface OfflineOptions {
  /** Trusted from elsewhere; else those that the directory itself names. */
  readonly keys?: readonly SigningKey[];
  readonly heads?: readonly SignedHead[];
}
export interface OfflineEvidence {
  keys(): Promise<readonly SigningKey[]>;
  verifyRecording(sessionId: string): Promise<RecordingVerdict | undefined>;
  check(): Promise<IntegrityReport>;
  /** Sessions that have a recording, by the ledger or by a file. */
  recorded(): Promise<readonly string[]>;
  heads(limit: number): Promise<readonly SignedHead[]>;
  close(): Promise<void>;
}

export async function openEvidence(
  config: Pick<Config, 'data' | 'masterKeyFile'>,
  { keys: given, heads = [] }: OfflineOptions = {},
): Promise<OfflineEvidence> {
  const paths = dataPaths(config);
  if (!existsSync(paths.database))
    throw new Error(`${paths.data} holds no data of Sallyport; name its directory with --data`);
  const database = await openDatabase({ file: paths.database });
  await migrate(database);
  const clock = systemClock;
  const ledger = createSqliteRecordingLedger(database, clock);
  const sessions = createSqliteSessionStore(database);
  const rows = createSqliteSigningKeyRows(database);
  const recordings = createDiskRecordingStore({ directory: paths.recordings, clock });
  const shelf = createDiskRecordingShelf({ directory: paths.recordings });
  const headLogs = [createSqliteHeadLog(database), createHeadsFile(paths.heads)];
  const audit = createSqliteAuditLog(database, clock);
  const keys = async (): Promise<readonly SigningKey[]> =>
    given ?? (await rows.list()).map(({ secretId: _, ...key }) => key);
  const parts = { audit, ledger, headLogs, sessions, recordings, shelf, clock, ed25519: VERIFY_TOOLS.ed25519 };
  return {
    keys,
    verifyRecording: createRecordingVerifier({ recordings, ledger, sessions, keys, tools: VERIFY_TOOLS, clock }),
    check: () => checkIntegrity(parts, { heads, ...(given === undefined ? {} : { keys: given }) }),
    async recorded() {
      const ids = new Set<string>();
      for await (const entry of ledger.stream(1)) {
        if (entry.kind === 'deleted') ids.delete(entry.sessionId);
        else if (entry.kind !== 'key') ids.add(entry.sessionId);
      }
      for await (const { sessionId, recorded } of shelf.all()) if (recorded) ids.add(sessionId);
      return [...ids];
    },
    heads: async (limit) => (await headLogs[0]?.newest(limit)) ?? [],
    async close() {
      await recordings.close();
      await database.close();
    },
  };
}
