/**
 * Puts a backup into an empty data directory: the copy of the database, the recordings, the master key. All or nothing:
 * what does not fit (a newer version's database, another key) is refused and what was copied is taken away again.
 */
import {
  chmodSync,
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { IntegrityReport } from '../gateway/integrity-report.js';
import { dataPaths, makeDirectory, OWNER_ONLY_UMASK } from './data-directory.js';
import { openEvidence } from './offline-evidence.js';
import { StartRefusal } from './start-refusal.js';
import { openStores, type StoresConfig } from './stores.js';

export interface BackupFiles {
  readonly database: string;
  /** The folder that the recordings were copied to. */
  readonly recordings?: string;
  /** Absent when the settings name a key file of the operator's own. */
  readonly masterKey?: string;
}
export interface Restored {
  readonly data: string;
  readonly recordings: number;
  /** Paths of the backup's list that are not there, or not in the size they had. */
  readonly missing: readonly string[];
  readonly integrity: IntegrityReport;
}

export async function restoreBackup(config: StoresConfig, from: BackupFiles): Promise<Restored> {
  const paths = dataPaths(config);
  process.umask(OWNER_ONLY_UMASK);
  const wasThere = existsSync(paths.data);
  if (wasThere && readdirSync(paths.data).length > 0)
    throw new StartRefusal(
      `${paths.data} is not empty.`,
      'A backup is restored into an empty directory; name one with --data.',
    );
  if (from.masterKey === undefined && !existsSync(paths.masterKey))
    throw new StartRefusal(
      'The master key is missing, and without it no stored secret opens.',
      'Name the copy of it with --key, or its place with --master-key-file.',
    );
  makeDirectory(paths.data);
  try {
    copy(from.database, paths.database);
    if (from.masterKey !== undefined) copy(from.masterKey, paths.masterKey);
    mkdirSync(paths.recordings, { mode: 0o700 });
    // A copy that shares its blocks where the file system can; never through a link somebody planted.
    const options = { recursive: true, mode: constants.COPYFILE_FICLONE, verbatimSymlinks: true };
    if (from.recordings !== undefined) cpSync(from.recordings, paths.recordings, { ...options, filter: isNoLeftover });
    closeToOthers(paths.data);
    // Migrates, refuses a newer version's database, and checks that the key is the one that sealed it.
    const stores = await openStores({ ...config, masterKeyFile: paths.masterKey });
    const missing = missingOf(from.database, paths.data);
    await stores.audit
      .append({
        action: 'backup.restore',
        result: 'ok',
        actor: 'system',
        source: 'local',
        detail: { missing: missing.length },
      })
      .finally(() => stores.close());
    const evidence = await openEvidence(config);
    try {
      const integrity = await evidence.check();
      return { data: paths.data, recordings: countOf(paths.recordings), missing, integrity };
    } finally {
      await evidence.close();
    }
  } catch (error) {
    // Nothing was here before, so nothing of anybody's goes.
    for (const name of readdirSync(paths.data)) rmSync(join(paths.data, name), { recursive: true, force: true });
    if (!wasThere) rmSync(paths.data, { recursive: true, force: true });
    throw error;
  }
}

function copy(from: string, to: string): void {
  copyFileSync(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
}

/** Whatever the copies were readable for. */
function closeToOthers(data: string): void {
  for (const entry of readdirSync(data, { recursive: true, withFileTypes: true }))
    if (!entry.isSymbolicLink()) chmodSync(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
}

/** The reserve is made again at the start. */
const isNoLeftover = (path: string): boolean => !path.endsWith('/reserve');

function missingOf(database: string, data: string): readonly string[] {
  const list = `${database}.recordings.txt`;
  if (!existsSync(list)) return [];
  const lines = readFileSync(list, 'utf8').split('\n').filter(Boolean);
  return lines.flatMap((line) => {
    const [size = '', path = ''] = line.split('\t');
    const at = statSync(join(data, path), { throwIfNoEntry: false });
    // A recording that was being written then has grown since: that is no loss.
    return at === undefined || at.size < Number(size) ? [path] : [];
  });
}

const countOf = (recordings: string): number =>
  readdirSync(recordings, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sprec')).length;
