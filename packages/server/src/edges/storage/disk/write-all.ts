/** One gathered write at a position; a short write goes on where it stopped, as a nearly full disk makes them. */
import type { FileHandle } from 'node:fs/promises';

export type DataFile = Pick<FileHandle, 'writev' | 'datasync' | 'close'>;

export async function writeAll(file: DataFile, chunks: readonly Uint8Array[], position: number): Promise<void> {
  let left = [...chunks];
  let at = position;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left, at);
    if (bytesWritten === 0) throw new Error('the disk takes no bytes');
    at += bytesWritten;
    let skip = bytesWritten;
    const rest: Uint8Array[] = [];
    for (const chunk of left) {
      if (skip >= chunk.length) skip -= chunk.length;
      else {
        rest.push(skip === 0 ? chunk : chunk.subarray(skip));
        skip = 0;
      }
    }
    left = rest;
  }
}
