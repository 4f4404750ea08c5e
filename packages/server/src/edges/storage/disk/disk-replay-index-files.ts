/**
 * Replay indexes as `<id>.spri` beside the recordings, encrypted when the recording is. Not synced: one that a power cut
 * took is made again.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { open, rename, stat, unlink } from 'node:fs/promises';
import type { RecordingKeys } from '../../../gateway/ports/recording-keys.js';
import type { ReplayIndexFiles } from '../../../gateway/ports/replay-index-files.js';
import { INDEX_HEAD_BYTES, indexBlockAt, openIndex, sealIndex } from './index-cipher.js';
import { recordingPath } from './recording-files.js';
import { readAt } from './recording-reader.js';
import { writeAll } from './write-all.js';

const FILE_MODE = 0o600;

export interface DiskReplayIndexOptions {
  readonly directory: string;
  /** Absent: no recording is encrypted. */
  readonly keys?: Pick<RecordingKeys, 'find'>;
}

export function createDiskReplayIndexFiles({ directory, keys }: DiskReplayIndexOptions): ReplayIndexFiles {
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
    size: (sessionId) =>
      existing(sessionId, async (path) => {
        const { size } = await stat(path);
        return (await keys?.find(sessionId)) === undefined ? size : Math.max(0, size - INDEX_HEAD_BYTES);
      }),

    async read(sessionId, start, end) {
      const bytes = await existing(sessionId, async (path) => {
        const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
        try {
          const key = await keys?.find(sessionId);
          if (key === undefined) return await readAt(file, start, end - start);
          const from = indexBlockAt(start);
          const head = await readAt(file, 0, INDEX_HEAD_BYTES);
          return openIndex(key, head, await readAt(file, INDEX_HEAD_BYTES + from, end - from), start);
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
        const key = await keys?.find(sessionId);
        await writeAll(file, key === undefined ? [bytes] : sealIndex(key, bytes), 0);
        await file.close();
        await rename(draft, path);
      } catch (error) {
        await file.close().catch(() => {});
        await unlink(draft).catch(() => {});
        throw error;
      }
      // Its recording may have been deleted meanwhile: then nobody would take the index away.
      if ((await existing(sessionId, () => stat(recordingPath(directory, sessionId)))) === undefined) {
        await existing(sessionId, (gone) => unlink(gone));
      }
    },

    async remove(sessionId) {
      await existing(sessionId, (path) => unlink(path));
    },
  };
}
