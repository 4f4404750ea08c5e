/**
 * Where recordings lie: `<directory>/<first two characters of the id>/<id>.sprec`, and an empty marker
 * `<directory>/open/<id>` while one is written, so that a start after a crash looks at what was left open and at
 * nothing else. Ids are checked here: no other text ever becomes a path (V6).
 */
import { constants } from 'node:fs';
import { mkdir, open, readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isId } from '@sallyport/core/model/id.js';

const DIRECTORY_MODE = 0o700;
const FILE_MODE = 0o600;
const MARKERS = 'open';

export function recordingPath(directory: string, sessionId: string): string {
  if (!isId(sessionId)) throw new RangeError('not a session id');
  return join(directory, sessionId.slice(0, 2), `${sessionId}.sprec`);
}

const markerPath = (directory: string, sessionId: string): string => join(directory, MARKERS, sessionId);

/** Makes the name durable: a file synced in a directory that is not may be gone after a power cut. */
export async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Not `mkdir` with `recursive`: that one answers ENOENT on a read-only disk, and an operator needs the true cause. */
export async function makeDirectory(path: string): Promise<void> {
  const make = async (): Promise<'made' | 'there' | 'no parent'> => {
    try {
      await mkdir(path, { mode: DIRECTORY_MODE });
      return 'made';
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST') return 'there';
      if (code === 'ENOENT') return 'no parent';
      throw error;
    }
  };
  let state = await make();
  if (state === 'no parent' && path !== dirname(path)) {
    await makeDirectory(dirname(path));
    state = await make(); // another session may have been faster
  }
  if (state === 'made') await syncDirectory(dirname(path));
}

/** A new file holding `bytes`, on disk when this resolves. Leaves nothing behind when it rejects. */
export async function createRecordingFile(directory: string, sessionId: string, bytes: Uint8Array) {
  const path = recordingPath(directory, sessionId);
  const marker = markerPath(directory, sessionId);
  await makeDirectory(dirname(marker));
  await makeDirectory(dirname(path));
  const file = await open(path, 'wx', FILE_MODE);
  try {
    await (await open(marker, 'w', FILE_MODE)).close();
    await syncDirectory(dirname(marker));
    await file.writeFile(bytes);
    await file.datasync();
    await syncDirectory(dirname(path));
    return { path, file };
  } catch (error) {
    await file.close().catch(() => {});
    await unlink(path).catch(() => {});
    await unlink(marker).catch(() => {});
    throw error;
  }
}

/** O_NOFOLLOW: whoever could plant a link in the directory does not choose what is read. */
export const openRecording = (path: string, forWriting = false) =>
  open(path, (forWriting ? constants.O_RDWR : constants.O_RDONLY) | constants.O_NOFOLLOW);

/** Ids of recordings that were not sealed. Other names in the directory are nobody's business. */
export async function leftOpen(directory: string): Promise<string[]> {
  const markers = join(directory, MARKERS);
  await makeDirectory(markers);
  return (await readdir(markers)).filter(isId);
}

/** The recording is sealed: nothing is left to recover. */
export async function removeMarker(directory: string, sessionId: string): Promise<void> {
  await unlink(markerPath(directory, sessionId)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
}

/** What an operator may read: the cause, without a path. */
export function describeFailure(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === undefined || typeof message !== 'string' ? 'the write failed' : message.replace(/, .*$/s, '');
}
