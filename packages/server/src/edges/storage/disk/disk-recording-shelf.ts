/**
 * Recordings on a local disk as files that take room. Everything that bears the session's id goes with the recording:
 * its index, thumbnails, drafts of them, the marker of an unsealed one. The recording goes last, so that a removal cut
 * short is seen to be unfinished.
 */
import { lstat, readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isId } from '@sallyport/core/model/id.js';
import type { RecordingShelf, StoredFiles } from '../../../gateway/ports/recording-shelf.js';
import { recordingPath, removeMarker, syncDirectory } from './recording-files.js';

const ID_CHARACTERS = 26;
const RECORDING = '.sprec';
const FOLDER = /^[0-9a-z]{2}$/;

export function createDiskRecordingShelf({ directory }: { readonly directory: string }): RecordingShelf {
  /** Names of a session's files, the recording last. */
  async function namesOf(sessionId: string): Promise<readonly string[]> {
    const names = await listed(dirname(recordingPath(directory, sessionId)));
    const own = names.filter((name) => name.startsWith(`${sessionId}.`));
    return own.sort((a, b) => Number(a.endsWith(RECORDING)) - Number(b.endsWith(RECORDING)));
  }
  async function measured(folder: string, sessionId: string, names: readonly string[]): Promise<StoredFiles> {
    const sizes = await Promise.all(names.map((name) => sizeOf(join(folder, name))));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    return { sessionId, bytes, recorded: names.includes(sessionId + RECORDING) };
  }

  return {
    async find(sessionId) {
      if (!isId(sessionId)) return undefined;
      const names = await namesOf(sessionId);
      if (names.length === 0) return undefined;
      return measured(dirname(recordingPath(directory, sessionId)), sessionId, names);
    },

    async *all() {
      for (const folder of await listed(directory)) {
        if (!FOLDER.test(folder)) continue;
        const bySession = new Map<string, string[]>();
        for (const name of await listed(join(directory, folder))) {
          const sessionId = name.slice(0, ID_CHARACTERS);
          if (!isId(sessionId) || name[ID_CHARACTERS] !== '.') continue;
          bySession.set(sessionId, [...(bySession.get(sessionId) ?? []), name]);
        }
        for (const [sessionId, names] of bySession) yield await measured(join(directory, folder), sessionId, names);
      }
    },

    async remove(sessionId) {
      const folder = dirname(recordingPath(directory, sessionId)); // throws for what is no id
      // Again until nothing is left: an index may be put there meanwhile by somebody who still saw the recording.
      for (let names = await namesOf(sessionId); names.length > 0; names = await namesOf(sessionId)) {
        for (const name of names) await unlink(join(folder, name)).catch(ignoreMissing);
      }
      await removeMarker(directory, sessionId);
      // Also when there was nothing: the crash may have come between unlinking and this.
      await syncDirectory(folder).catch(ignoreMissing);
    },
  };
}

async function listed(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    ignoreMissing(error as NodeJS.ErrnoException);
    return [];
  }
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await lstat(path)).size;
  } catch (error) {
    ignoreMissing(error as NodeJS.ErrnoException);
    return 0; // it went while it was counted
  }
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
