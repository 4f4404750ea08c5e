/**
 * One server per data directory. The lock is SQLite's own exclusive file lock on an empty database beside the data: the
 * kernel drops it when the process ends, however it ends, so there is no stale lock to judge (a file with a process id
 * is judged wrongly across containers and after a restart of the machine).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

interface Handle {
  exec(sql: string): unknown;
  close(): unknown;
}
type Open = new (file: string) => Handle;

export interface DataLock {
  release(): void;
}

/** The holder's process id, or undefined when it is not known. */
export type LockResult = { readonly ok: true; readonly lock: DataLock } | { readonly ok: false; readonly pid?: number };

export async function lockData(data: string): Promise<LockResult> {
  const Database = await engine();
  const handle = new Database(join(data, 'server.lock'));
  const pidFile = join(data, 'server.pid');
  try {
    handle.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    handle.close();
    if (!/locked|busy/i.test(error instanceof Error ? error.message : '')) throw error;
    const pid = Number(readFileSync(pidFile, { encoding: 'utf8', flag: 'a+' }));
    return Number.isInteger(pid) && pid > 0 ? { ok: false, pid } : { ok: false };
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
  return {
    ok: true,
    lock: {
      release() {
        writeFileSync(pidFile, '');
        handle.close();
      },
    },
  };
}

async function engine(): Promise<Open> {
  // Typed loosely: the types of the oldest supported Node know no node:sqlite.
  const builtin = process.getBuiltinModule?.('node:sqlite') as unknown as { DatabaseSync: Open } | undefined;
  if (builtin !== undefined) return builtin.DatabaseSync;
  return (await import('libsql')).default as unknown as Open;
}
