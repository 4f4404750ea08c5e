/**
 * The file side of a recording's writer: chunks at positions, in order, one write at a time. When the disk is full the
 * reserve is spent and the write done again, so that what was delivered before the session ended is recorded; the writer
 * is told all the same.
 */
import type { ChunkChain } from '@sallyport/core/cast/chunk-chain.js';
import { ChunkIndex, type IndexEntry } from '@sallyport/core/cast/chunk-index.js';
import { CHUNK_HEADER_BYTES } from '@sallyport/core/cast/container.js';
import type { Gathered } from '@sallyport/core/cast/event-gatherer.js';
import type { Seal } from '@sallyport/core/cast/seal.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import type { ChunkGzip } from './chunk-gzip.js';
import type { DiskReserve } from './disk-reserve.js';
import type { HeadSigning } from './evidence.js';
import { type DataFile, writeAll } from './write-all.js';

/** A disk that does not answer for so long has failed. */
const STALL_MS = 30_000;

/** What is written, as the store describes it. */
export interface Written {
  readonly bytes: number;
  readonly lastUs: number;
  readonly outputBytes: number;
  readonly head: Uint8Array;
}
export interface ChunkFileParts {
  readonly clock: Clock;
  readonly gzip: ChunkGzip;
  readonly reserve: DiskReserve;
}
export interface ChunkFile {
  /** Of what is written. */
  readonly index: ChunkIndex;
  written(): Written;
  /** `signed`: a signature follows the batch. */
  append(batch: readonly Gathered[], signed: boolean): Promise<void>;
  seal(seal: Omit<Seal, 'indexPosition'>, at: { size: TerminalSize; us: number; offset: number }): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

export function createChunkFile(
  file: DataFile,
  { chain, bytes: { length }, size }: { chain: ChunkChain; bytes: Uint8Array; size: TerminalSize },
  { clock, gzip, reserve }: ChunkFileParts,
  on: { full(error: unknown): void; stalled(detail: string): void },
  sign?: HeadSigning,
): ChunkFile {
  const index = new ChunkIndex();
  let sizeNow = size;
  let written: Written = { bytes: length, lastUs: 0, outputBytes: 0, head: chain.head };

  async function patiently(work: () => Promise<void>): Promise<void> {
    const done = clock.after(STALL_MS, () => on.stalled(`the disk did not answer for ${STALL_MS / 1000} s`));
    try {
      await work();
    } finally {
      done();
    }
  }

  async function put(chunks: readonly Uint8Array[]): Promise<void> {
    try {
      await writeAll(file, chunks, written.bytes);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      await reserve.spend();
      await writeAll(file, chunks, written.bytes);
      on.full(error);
    }
  }

  return {
    index,
    written: () => written,
    append: (batch, signed) =>
      patiently(async () => {
        const chunks: Uint8Array[] = [];
        const entries: IndexEntry[] = [];
        let { bytes, lastUs, outputBytes } = written;
        for (const gathered of batch) {
          const { slab, payloadBytes } = gathered;
          const packing = gzip.offer(slab.subarray(CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + payloadBytes));
          const chunk = chain.events(gathered, packing && (await packing));
          chunks.push(chunk);
          entries.push({ position: bytes, firstUs: gathered.firstUs, offset: gathered.offset });
          bytes += chunk.length;
          lastUs = gathered.lastUs;
          outputBytes += gathered.outputBytes;
          sizeNow = gathered.endSize;
        }
        if (signed && sign !== undefined) {
          const chunk = sign(chain, 'RUNNING', { size: sizeNow, us: lastUs, offset: outputBytes });
          chunks.push(chunk);
          bytes += chunk.length;
        }
        await put(chunks);
        written = { bytes, lastUs, outputBytes, head: chain.head };
        for (const entry of entries) index.add(entry);
      }),
    seal: (seal, at) =>
      patiently(async () => {
        const indexPosition = index.entries.length > 1 ? written.bytes : 0;
        const add = async (chunks: readonly Uint8Array[], lastUs: number): Promise<void> => {
          await put(chunks);
          const bytes = chunks.reduce((sum, chunk) => sum + chunk.length, written.bytes);
          written = { ...written, bytes, lastUs, head: chain.head };
        };
        if (indexPosition > 0) await add([chain.index(index.entries, at)], written.lastUs);
        // A seal says that all before it is whole. When the power is cut, sectors have arrived in any order: so all
        // before it is on the disk first.
        await file.datasync();
        const seals = [chain.seal({ ...seal, indexPosition }, at)];
        if (sign !== undefined) seals.push(sign(chain, 'END', at));
        await add(seals, at.us);
      }),
    sync: () => patiently(() => file.datasync()),
    close: () => file.close(),
  };
}
