/** The data directory: where each thing in it lies, and that nobody else can read it. */
import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Config } from './settings.js';
import { StartRefusal } from './start-refusal.js';

export interface DataPaths {
  readonly data: string;
  readonly database: string;
  readonly recordings: string;
  /** Signed heads, outside the database. */
  readonly heads: string;
  readonly imports: string;
  readonly masterKey: string;
}

export function dataPaths(config: Pick<Config, 'data' | 'masterKeyFile'>): DataPaths {
  return {
    data: config.data,
    database: join(config.data, 'sallyport.db'),
    recordings: join(config.data, 'recordings'),
    heads: join(config.data, 'signed-heads.jsonl'),
    imports: join(config.data, 'imports'),
    masterKey: config.masterKeyFile ?? join(config.data, 'master.key'),
  };
}

export const OWNER_ONLY_UMASK = 0o077;

/** Makes it when missing. Refuses a directory that belongs to something else, and closes one that others can read. */
export function prepareDataDirectory(data: string): void {
  makeDirectory(data);
  const names = readdirSync(data);
  if (names.length > 0 && !names.some((name) => OURS.has(name))) {
    throw new Error(`${data} holds other files and no data of Sallyport; name an empty directory with --data`);
  }
  if ((statSync(data).mode & 0o077) !== 0) chmodSync(data, 0o700);
}

/**
 * With the folders above it. Not by `recursive` of Node, which tries for ever where the folder above is there and the
 * system says ENOENT all the same, as /proc does.
 */
export function makeDirectory(path: string): void {
  try {
    const missing: string[] = [];
    for (let at = resolve(path); !isThere(at); at = dirname(at)) missing.push(at);
    for (const folder of missing.reverse()) makeOne(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new StartRefusal(
      `The data directory ${path} cannot be made: ${code}.`,
      'Name one in a place this user may write to, with --data.',
    );
  }
}
const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

function makeOne(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if (!isThere(folder)) throw error; // else another process was first
  }
}

const OURS = new Set([
  'sallyport.db',
  'server.lock',
  'sallyport.yaml',
  'master.key',
  'recordings',
  'signed-heads.jsonl',
  'imports',
  'lost+found',
  '.gitkeep',
]);
