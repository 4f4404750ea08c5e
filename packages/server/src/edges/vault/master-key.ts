/**
 * The master key on disk: 32 bytes, owner-only, never in the database. During a rotation a second file,
 * `<file>.next-<key id>`, holds the new key; it is complete before the database hears of it and takes the first one's
 * name after. The one the database names by its mark is the key, so a crash at any step leaves a pair that opens. The id
 * in the name lets only the key that is meant be moved, whoever else rotates at that moment.
 */
import { createHmac, randomUUID } from 'node:crypto';
import { constants, type FileHandle, link, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

export interface MasterKey {
  readonly id: string;
  readonly bytes: Buffer;
}
export const MASTER_KEY_BYTES = 32;
const OWNER_ONLY = 0o600;
/** Room for 32 bytes as hex with a line end; anything longer is not a key. */
const FILE_MAX_BYTES = 1024;

const nextKeyFile = (file: string, keyId: string): string => `${file}.next-${keyId}`;

/** Tells keys apart and nothing else: 64 bits of a keyed hash say nothing about 256 random ones. */
function masterKey(bytes: Buffer): MasterKey {
  return { id: createHmac('sha256', bytes).update('sallyport master key id v1').digest('hex').slice(0, 16), bytes };
}

/** Undefined when there is no such file. Throws, naming the file and the remedy, when it cannot serve as a key. */
export async function readMasterKey(file: string): Promise<MasterKey | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(file, constants.O_RDONLY);
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    const { mode, size } = await handle.stat();
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      const shown = (mode & 0o777).toString(8);
      throw new Error(`The master key file ${file} can be read by others (mode ${shown}). Run: chmod 600 ${file}`);
    }
    if (size > FILE_MAX_BYTES) throw notAKey(file);
    const content = await handle.readFile();
    const bytes = parseKey(content);
    if (bytes === undefined) throw notAKey(file);
    return masterKey(bytes);
  } finally {
    await handle.close();
  }
}

/** Writes a key that was not there. False when the file exists: somebody else was first, read theirs. */
export async function createKeyFile(file: string, bytes: Uint8Array): Promise<boolean> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  // Whole or not at all: a link to a finished file, not a file being written.
  const draft = `${file}.${randomUUID()}.draft`;
  const handle = await open(draft, 'wx', OWNER_ONLY);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
    await syncFolder(file);
    return true;
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** The first step of a rotation: a new key, durable beside the old one. */
export async function createNextKey(file: string, bytes: Buffer): Promise<MasterKey> {
  const key = masterKey(bytes);
  await createKeyFile(nextKeyFile(file, key.id), bytes);
  return key;
}

export const readNextKey = (file: string, keyId: string): Promise<MasterKey | undefined> =>
  readMasterKey(nextKeyFile(file, keyId));

/** The last step of a rotation. Another process may have done it already. */
export async function promoteNextKey(file: string, keyId: string): Promise<void> {
  try {
    await rename(nextKeyFile(file, keyId), file);
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error;
  }
  await syncFolder(file);
}

function parseKey(content: Buffer): Buffer | undefined {
  if (content.length === MASTER_KEY_BYTES) return content;
  const text = content.toString('latin1').trim();
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text)) return Buffer.from(text, 'base64');
  return undefined;
}

const notAKey = (file: string): Error =>
  new Error(
    `The master key file ${file} does not hold a key: 32 raw bytes, or 32 bytes as hex or base64. ` +
      'Restore it from your copy.',
  );

async function syncFolder(file: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(dirname(file), constants.O_RDONLY);
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
