/**
 * Signed heads outside the database: a file that is only appended to, one line of JSON each, synced. So a database that
 * was rolled back, or rewritten with its chains, contradicts it; and an operator can ship it to another machine as it
 * grows. A line a crash cut short is told as it is and followed by whole ones.
 */
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { readSignedHead, type SignedHead } from '@sallyport/core/evidence/signed-head.js';
import type { HeadLog } from '../../../gateway/ports/head-log.js';
import { readAt } from './recording-reader.js';

const FILE_MODE = 0o600;
/** A line has some 450 bytes. */
const LINE_BYTES = 512;
const LINE_FEED = 0x0a;

export function createHeadsFile(path: string): HeadLog {
  let last: Promise<void> = Promise.resolve();

  async function append(head: SignedHead): Promise<void> {
    const file = await open(path, 'a+', FILE_MODE);
    try {
      const { size } = await file.stat();
      const torn = size > 0 && (await readAt(file, size - 1, 1))[0] !== LINE_FEED;
      await file.appendFile(`${torn ? '\n' : ''}${JSON.stringify(head)}\n`);
      await file.datasync();
    } finally {
      await file.close();
    }
  }

  async function* all(): AsyncGenerator<SignedHead | string> {
    const lines = createInterface({ input: createReadStream(path, { encoding: 'utf8' }), crlfDelay: Infinity });
    try {
      for await (const line of lines) if (line !== '') yield readSignedHead(line) ?? line;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  return {
    append(head) {
      const turn = last.then(() => append(head));
      last = turn.catch(() => {});
      return turn;
    },

    async newest(limit) {
      const file = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (file === undefined) return [];
      try {
        const { size } = await file.stat();
        const from = Math.max(0, size - (limit + 1) * LINE_BYTES);
        const lines = Buffer.from(await readAt(file, from, size - from))
          .toString('utf8')
          .split('\n');
        if (from > 0) lines.shift();
        return lines.flatMap((line) => readSignedHead(line) ?? []).slice(-limit);
      } finally {
        await file.close();
      }
    },

    all,
  };
}
