/** Replay indexes as `<id>.spri` beside the recordings. Not synced: one that a power cut took is made again. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, stat, unlink } from 'node:fs/promises';
import type { ReplayIndexFiles } from '../../../gateway/ports/replay-index-files.js';
import { recordingPath } from './recording-files.js';
import { readAt } from './recording-reader.js';
import { writeAll } from './write-all.js';

const FILE_MODE = 0o600;

export function createDiskReplayIndexFiles({ directory }: { readonly directory: string }): ReplayIndexFiles {
  /** Throws for what is no id (V6). */
  const pathOf = (sessionId: string): string => recordingPath(directory, sessionId).replace(/\.sprec$/, '.spri');
  async function existing<T>(sessionId: string, use: (path: string) => Promise<T>): Promise<T | undefined> {
    let path: string;
    try {
      path = pathOf(sessionId);
    } catch {
      return undefined;
    }
    try {
      return await use(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  return {
    size: (sessionId) => existing(sessionId, async (path) => (await stat(path)).size),

    async read(sessionId, start, end) {
      const bytes = await existing(sessionId, async (path) => {
        const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
        try {
          return await readAt(file, start, end - start);
        } finally {
          await file.close();
        }
      });
      return bytes ?? new Uint8Array(0);
    },

    async write(sessionId, bytes) {
      const path = pathOf(sessionId);
      const draft = `${path}.${randomBytes(6).toString('hex')}`;
      const file = await open(draft, 'wx', FILE_MODE);
      try {
        await writeAll(file, [bytes], 0);
        await file.close();
        await rename(draft, path);
      } catch (error) {
        await file.close().catch(() => {});
        await unlink(draft).catch(() => {});
        throw error;
      }
    },

    async remove(sessionId) {
      await existing(sessionId, (path) => unlink(path));
    },
  };
}
