/**
 * Writes one recording. `output` copies into a slab and returns; a slab is cut into a chunk when it is full or GATHER_MS
 * old, and chunks are written in order, a batch at a time, off the loop. The file is only ever appended to, so a process
 * killed at any moment leaves whole chunks and at most one torn one.
 *
 * INVARIANT: a chunk is counted as written only after its write succeeded; after a failure nothing more is written, and
 * the file is cut back to its whole chunks and sealed as truncated.
 */
import type { ChunkChain } from '@sallyport/core/cast/chunk-chain.js';
import { ChunkIndex, type IndexEntry } from '@sallyport/core/cast/chunk-index.js';
import { CHUNK_HEADER_BYTES } from '@sallyport/core/cast/container.js';
import { EventGatherer, type Gathered } from '@sallyport/core/cast/event-gatherer.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import type { RecordingHeader, RecordingWriter } from '../../../gateway/ports/recording-store.js';
import type { ChunkGzip } from './chunk-gzip.js';
import type { Committer } from './committer.js';
import { describeFailure } from './recording-files.js';
import type { SlabPool } from './slab-pool.js';
import { type DataFile, writeAll } from './write-all.js';

/** What may wait for the disk before the target is paused. */
export const QUEUE_BYTES = 4 * 1024 * 1024;
/** What a paused target may still send (its window) is far below this; past it the recording fails, not the memory. */
const QUEUE_LIMIT_BYTES = 4 * QUEUE_BYTES;
/** Output waiting longer than this pauses the target too: a slow disk never widens what a crash loses past 1 s. */
const OLDEST_MS = 700;
/** A disk that does not answer for so long has failed. */
const STALL_MS = 30_000;
/** Chunks in one gathered write; bulk output waits for BULK_CHUNKS or the timer, as each call costs as much as hashing. */
const BATCH_CHUNKS = 16;
const BULK_CHUNKS = 8;

export interface WriterParts {
  readonly clock: Clock;
  readonly committer: Committer;
  readonly gzip: ChunkGzip;
  readonly slabs: SlabPool;
}
/** What is written, as the store describes it. */
export interface Written {
  readonly bytes: number;
  readonly lastUs: number;
  readonly outputBytes: number;
  readonly head: Uint8Array;
}
export interface DiskWriter extends RecordingWriter {
  /** Of what is written. */
  readonly index: ChunkIndex;
  written(): Written;
  /** Writes and syncs what it has and closes without claiming the recording complete. */
  abandon(): Promise<void>;
}

interface Waiting {
  readonly gathered: Gathered;
  /** When its first byte came. */
  readonly since: number;
}

export function createRecordingWriter(
  file: DataFile,
  header: RecordingHeader,
  begun: { chain: ChunkChain; bytes: Uint8Array },
  { clock, committer, gzip, slabs }: WriterParts,
  /** The file is closed; `sealed` false: it still needs repair. */
  onClosed: (sealed: boolean) => Promise<void>,
): DiskWriter {
  const { chain } = begun;
  const gatherer = new EventGatherer(header.size);
  const index = new ChunkIndex();
  let written: Written = { bytes: begun.bytes.length, lastUs: 0, outputBytes: 0, head: chain.head };
  let queue: Waiting[] = [];
  let queuedBytes = 0;
  /** Chunks so far: cut, to be written now, handed to a write, written. */
  const count = { cut: 0, due: 0, taken: 0, written: 0 };
  let gatherAsked = false;
  let gatheringSince = 0;
  let writingSince: number | undefined;
  let bulk = false;
  let pressed = false;
  let syncAsked = false;
  let accepting = true;
  let failure: string | undefined;
  let flushes: { readonly upTo: number; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  let relief = (): void => {};
  let failed: ((detail: string) => void) | undefined;
  let closing: Promise<void> | undefined;

  function lend(): void {
    gatherer.lend(slabs.take(bulk));
    gatheringSince = clock.monotonic();
    if (gatherAsked) return;
    gatherAsked = true;
    committer.gather(() => {
      gatherAsked = false;
      writeAllCut();
    });
  }

  function cut(): void {
    const gathered = gatherer.take();
    if (gathered === undefined) return;
    bulk = gathered.payloadBytes > gathered.slab.length / 2;
    queue.push({ gathered, since: gatheringSince });
    count.cut += 1;
    if (queue.length >= BULK_CHUNKS) pump();
  }

  function writeAllCut(): void {
    cut();
    count.due = count.cut;
    pump();
  }

  function press(): void {
    const oldest = writingSince ?? queue[0]?.since ?? gatheringSince;
    if (queuedBytes > QUEUE_BYTES || clock.monotonic() - oldest > OLDEST_MS) pressed = true;
    if (queuedBytes > QUEUE_LIMIT_BYTES) fail('output came faster than the disk takes it');
  }

  function pump(): void {
    const first = queue[0];
    if (writingSince !== undefined || first === undefined || failure !== undefined) return;
    if (count.taken >= count.due && queue.length < BULK_CHUNKS) return;
    writingSince = first.since;
    committer.write(writeBatch);
  }

  async function writeBatch(): Promise<void> {
    const batch = queue.splice(0, BATCH_CHUNKS);
    count.taken += batch.length;
    const stalled = clock.after(STALL_MS, () => fail(`the disk did not answer for ${STALL_MS / 1000} s`));
    try {
      const chunks: Uint8Array[] = [];
      const entries: IndexEntry[] = [];
      let { bytes, lastUs, outputBytes } = written;
      for (const { gathered } of batch) {
        const { slab, payloadBytes } = gathered;
        const packing = gzip.offer(slab.subarray(CHUNK_HEADER_BYTES, CHUNK_HEADER_BYTES + payloadBytes));
        const chunk = chain.events(gathered, packing && (await packing));
        chunks.push(chunk);
        entries.push({ position: bytes, firstUs: gathered.firstUs, offset: gathered.offset });
        bytes += chunk.length;
        lastUs = gathered.lastUs;
        outputBytes += gathered.outputBytes;
      }
      if (failure !== undefined) return;
      await writeAll(file, chunks, written.bytes);
      queuedBytes -= outputBytes - written.outputBytes;
      written = { bytes, lastUs, outputBytes, head: chain.head };
      for (const entry of entries) index.add(entry);
      askSync();
    } catch (error) {
      fail(describeFailure(error));
    } finally {
      stalled();
      writingSince = undefined;
      for (const { gathered } of batch) slabs.give(gathered.slab);
      count.written += batch.length;
      if (failure === undefined) afterWrite();
    }
  }

  function afterWrite(): void {
    pump();
    const done = flushes.filter(({ upTo }) => upTo <= count.written);
    flushes = flushes.filter(({ upTo }) => upTo > count.written);
    for (const { resolve } of done) resolve();
    if (pressed && queuedBytes <= QUEUE_BYTES / 2) {
      pressed = false;
      relief();
    }
  }

  function askSync(): void {
    if (syncAsked) return;
    syncAsked = true;
    committer.sync(async () => {
      syncAsked = false;
      if (closing !== undefined || failure !== undefined) return; // closing syncs by itself
      const stalled = clock.after(STALL_MS, () => fail(`the disk did not answer for ${STALL_MS / 1000} s`));
      try {
        await file.datasync();
      } catch (error) {
        fail(describeFailure(error));
      } finally {
        stalled();
      }
    });
  }

  function fail(detail: string): void {
    if (failure !== undefined) return;
    failure = detail;
    accepting = false;
    queue = [];
    queuedBytes = 0;
    pressed = false;
    for (const { reject } of flushes.splice(0)) reject(new Error(detail));
    failed?.(detail);
    relief();
  }

  /** All that was appended is in the file. */
  function drained(): Promise<void> {
    if (failure !== undefined) return Promise.reject(new Error(failure));
    writeAllCut();
    const upTo = count.cut;
    if (count.written >= upTo) return Promise.resolve();
    return new Promise((resolve, reject) => flushes.push({ upTo, resolve, reject }));
  }

  async function finish(last: () => Uint8Array[]): Promise<void> {
    accepting = false;
    let sealed = false;
    try {
      await drained();
      const chunks = last();
      await writeAll(file, chunks, written.bytes);
      await file.datasync();
      sealed = chunks.length > 0;
    } catch (error) {
      fail(failure ?? describeFailure(error));
    }
    try {
      await file.close();
      await onClosed(sealed);
    } catch (error) {
      fail(failure ?? describeFailure(error));
    }
  }

  return {
    output(atMs, bytes) {
      if (!accepting) return;
      const us = Math.round(atMs * 1000);
      let done = 0;
      while (done < bytes.length) {
        if (!gatherer.hasSlab) lend();
        done += gatherer.output(us, bytes, done);
        if (done < bytes.length) cut();
      }
      queuedBytes += bytes.length;
      press();
    },
    resize(atMs, size) {
      if (!accepting) return;
      const us = Math.round(atMs * 1000);
      if (!gatherer.hasSlab) lend();
      if (gatherer.resize(us, size)) return;
      cut();
      lend();
      gatherer.resize(us, size);
    },
    get pressure() {
      return pressed;
    },
    onRelief(call) {
      relief = call;
    },
    onFailure(call) {
      failed = call;
      if (failure !== undefined) call(failure);
    },
    flush: drained,
    seal(atMs, exitCode) {
      closing ??= finish(() => {
        const us = Math.max(Math.round(atMs * 1000), gatherer.lastUs);
        const at = { size: gatherer.size, us, offset: gatherer.offset };
        const worthIt = index.entries.length > 1;
        const exit = exitCode === undefined ? {} : { exitCode };
        const seal = { state: 'complete', ...exit, indexPosition: worthIt ? written.bytes : 0 } as const;
        return [...(worthIt ? [chain.index(index.entries, at)] : []), chain.seal(seal, at)];
      });
      return closing;
    },
    abandon() {
      closing ??= finish(() => []);
      return closing;
    },
    written: () => written,
    index,
  };
}
