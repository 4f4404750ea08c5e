/**
 * Room kept for the end: a file that is deleted when the disk is full, so that the output already delivered, the seals
 * and the audit of it still find a place (F3). While it cannot be made again, no recording begins.
 */
import { randomBytes } from 'node:crypto';
import { open, stat, statfs, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory } from './recording-files.js';

/** What a few hundred sessions print in the time from the full disk to their end, on a usual day. */
const RESERVE_BYTES = 8 * 1024 * 1024;
/** Of a small disk, not more than this share. */
const SHARE = 1 / 32;
const BLOCK_BYTES = 64 * 1024;

export interface DiskReserve {
  /** Makes it, unless it is there. Rejects when the disk has no room for it. */
  ensure(): Promise<void>;
  /** Gives the room free. For all that ask at once it is one act. */
  spend(): Promise<void>;
}

export function createDiskReserve(directory: string): DiskReserve {
  const path = join(directory, 'reserve');
  let made = false;
  let making: Promise<void> | undefined;

  async function make(): Promise<void> {
    await makeDirectory(directory);
    const { blocks, bsize } = await statfs(directory);
    const bytes = Math.floor(Math.min(RESERVE_BYTES, blocks * bsize * SHARE) / 4096) * 4096;
    if ((await stat(path).catch(() => undefined))?.size === bytes) return;
    const file = await open(path, 'w', 0o600);
    try {
      // Not zeros: a file system that compresses would keep no room for them.
      const block = randomBytes(BLOCK_BYTES);
      for (let at = 0; at < bytes; at += BLOCK_BYTES) await file.writeFile(block.subarray(0, bytes - at));
      await file.datasync();
    } catch (error) {
      await unlink(path).catch(() => {});
      throw error;
    } finally {
      await file.close();
    }
  }
  return {
    async ensure() {
      if (made) return;
      making ??= make().finally(() => {
        making = undefined;
      });
      await making;
      made = true;
    },
    async spend() {
      made = false;
      await unlink(path).catch(() => {}); // gone already: somebody else was told first
    },
  };
}
