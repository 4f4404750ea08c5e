/**
 * Files being imported, on the local disk and without a name: the file is unlinked as soon as it is open, so that neither
 * a crash nor a forgotten `drop` leaves anything behind, and nobody else can open it.
 */
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { fail, ok } from '@sallyport/core/model/problem.js';
import type { ImportSpool, SpooledFile } from '../../../gateway/ports/import-spool.js';
import { describeFailure, makeDirectory } from './recording-files.js';
import { readAt } from './recording-reader.js';
import { writeAll } from './write-all.js';

const PIECE_BYTES = 64 * 1024;

/** `directory` is made when missing; it never shows a file for longer than a moment. */
export function createImportSpool(directory: string): ImportSpool {
  return {
    async keep(source, limitBytes) {
      const hash = createHash('sha256');
      let file: FileHandle | undefined;
      let bytes = 0;
      // Not told by the error: which one a pipeline rejects with depends on who was torn down first.
      let tooLarge = false;
      try {
        const to = await openNameless(directory);
        file = to;
        const { gzip, whole } = await sniffed(source);
        await pipeline(
          Readable.from(hashed(whole, hash), { objectMode: false }),
          gzip ? createGunzip() : new PassThrough(),
          async (unpacked: AsyncIterable<Uint8Array>) => {
            for await (const piece of unpacked) {
              tooLarge = bytes + piece.length > limitBytes;
              if (tooLarge) throw new Error('too large');
              await writeAll(to, [piece], bytes);
              bytes += piece.length;
            }
          },
        );
        return ok(spooled(to, bytes, hash.digest('hex')));
      } catch (error) {
        await file?.close();
        if (tooLarge) return fail('import.too-large', { limit: String(limitBytes) });
        if ((error as NodeJS.ErrnoException).code?.startsWith('Z_'))
          return fail('import.invalid', { line: '1', column: '1', detail: 'broken gzip' });
        return fail('unavailable', { detail: describeFailure(error) });
      }
    },
  };
}

async function openNameless(directory: string): Promise<FileHandle> {
  await makeDirectory(directory);
  const path = join(directory, randomBytes(16).toString('hex'));
  const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await unlink(path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

/** What the file is stands in its first two bytes, which may come one by one. */
async function sniffed(source: AsyncIterable<Uint8Array>) {
  const rest = source[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let head = new Uint8Array(0);
  while (head.length < 2) {
    const { done, value } = await rest.next();
    if (done === true) break;
    first.push(value);
    head = Uint8Array.from([...head, ...value.subarray(0, 2)]);
  }
  async function* whole(): AsyncGenerator<Uint8Array> {
    try {
      yield* first;
      for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
    } finally {
      await rest.return?.();
    }
  }
  return { gzip: head[0] === 0x1f && head[1] === 0x8b, whole: whole() };
}

async function* hashed(source: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of source) {
    hash.update(piece);
    yield piece;
  }
}

function spooled(file: FileHandle, bytes: number, sha256: string): SpooledFile {
  let dropped: Promise<void> | undefined;
  return {
    bytes,
    sha256,
    async *read() {
      for (let at = 0; at < bytes; ) {
        const piece = await readAt(file, at, Math.min(PIECE_BYTES, bytes - at));
        if (piece.length === 0) throw new Error('the spooled file is shorter than it was');
        at += piece.length;
        yield piece;
      }
    },
    drop() {
      dropped ??= file.close();
      return dropped;
    },
  };
}
