/**
 * Writes one recording. `output` copies into a slab and returns; a slab is cut into a chunk when it is full or GATHER_MS
 * old, and chunks are written in order, a batch at a time, off the loop. The file is only ever appended to, so a process
 * killed at any moment leaves whole chunks and at most one torn one.
 *
 * INVARIANT: a chunk is counted as written only after its write succeeded; after a failed write nothing more is written,
 * and the file is cut back to its whole chunks and sealed as truncated.
 */
import type { ChunkChain } from '@sallyport/core/cast/chunk-chain.js';
import type { ChunkIndex } from '@sallyport/core/cast/chunk-index.js';
import { EventGatherer, type Gathered } from '@sallyport/core/cast/event-gatherer.js';
import { encodeLabel } from '@sallyport/core/cast/marker-label.js';
import type { RecordingHeader, RecordingWriter } from '../../../gateway/ports/recording-store.js';
import { type ChunkFileParts, createChunkFile, type Written } from './chunk-file.js';
import type { Committer } from './committer.js';
import type { HeadSigning } from './evidence.js';
import { describeFailure } from './recording-files.js';
import type { SlabPool } from './slab-pool.js';
import type { DataFile } from './write-all.js';

/** What may wait for the disk before the target is paused. */
export const QUEUE_BYTES = 4 * 1024 * 1024;
/** What a paused target may still send (its window) is far below this; past it the recording fails, not the memory. */
const QUEUE_LIMIT_BYTES = 4 * QUEUE_BYTES;
/** Output waiting longer than this pauses the target too: a slow disk never widens what a crash loses past 1 s. */
const OLDEST_MS = 700;
/** Chunks in one gathered write; bulk output waits for BULK_CHUNKS or the timer, as each call costs as much as hashing. */
const BATCH_CHUNKS = 16;
const BULK_CHUNKS = 8;
/** What was written is signed at most so long after, while the session runs. */
export const SIGN_MS = 60_000;

export interface WriterParts extends ChunkFileParts {
  readonly committer: Committer;
  readonly slabs: SlabPool;
}
export interface DiskWriter extends RecordingWriter {
  readonly index: ChunkIndex;
  written(): Written;
  /** Seals what it has, without claiming the recording complete. */
  abandon(): Promise<void>;
  /** The session must end: its recording could not be made evidence. */
  refuse(detail: string): void;
}

interface Waiting {
  readonly gathered: Gathered;
  /** When its first byte came. */
  readonly since: number;
}

export function createRecordingWriter(
  data: DataFile,
  header: RecordingHeader,
  begun: { chain: ChunkChain; bytes: Uint8Array },
  parts: WriterParts,
  /** The file is closed; `sealed` false: it still needs repair. */
  onClosed: (sealed: boolean) => Promise<void>,
  sign?: HeadSigning,
): DiskWriter {
  const { clock, committer, slabs } = parts;
  const gatherer = new EventGatherer(header.size);
  const on = { full: (error: unknown) => tell(describeFailure(error)), stalled: fail };
  const file = createChunkFile(data, { ...begun, size: header.size }, parts, on, sign);
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
  /** A signature is written when its time comes, and counts as a chunk until it is. */
  let signDue = false;
  let cancelSign: (() => void) | undefined;
  let accepting = true;
  /** Told to the session; it may still be possible to write what was taken before. */
  let told: string | undefined;
  /** Nothing is written any more. */
  let failure: string | undefined;
  let flushes: { readonly upTo: number; readonly resolve: () => void; readonly reject: (error: Error) => void }[] = [];
  let relief = (): void => {};
  let listener: ((detail: string) => void) | undefined;
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
    if (writingSince !== undefined || failure !== undefined) return;
    if (first === undefined && !signDue) return;
    if (count.taken >= count.due && queue.length < BULK_CHUNKS) return;
    writingSince = first?.since ?? clock.monotonic();
    committer.write(writeBatch);
  }

  async function writeBatch(): Promise<void> {
    const batch = queue.splice(0, BATCH_CHUNKS).map(({ gathered }) => gathered);
    const signed = signDue && queue.length === 0;
    if (signed) signDue = false;
    const chunks = batch.length + (signed ? 1 : 0);
    count.taken += chunks;
    try {
      await file.append(batch, signed);
    } catch (error) {
      fail(describeFailure(error));
    }
    writingSince = undefined;
    for (const { slab } of batch) slabs.give(slab);
    if (failure !== undefined) return;
    count.written += chunks;
    if (!signed && batch.length > 0) askSign();
    for (const { outputBytes } of batch) queuedBytes -= outputBytes;
    askSync();
    pump();
    const done = flushes.filter(({ upTo }) => upTo <= count.written);
    flushes = flushes.filter(({ upTo }) => upTo > count.written);
    for (const { resolve } of done) resolve();
    if (pressed && queuedBytes <= QUEUE_BYTES / 2) {
      pressed = false;
      relief();
    }
  }

  function askSign(): void {
    if (sign === undefined || cancelSign !== undefined || signDue || closing !== undefined) return;
    cancelSign = clock.after(SIGN_MS, () => {
      cancelSign = undefined;
      if (closing !== undefined) return; // the end is signed
      signDue = true;
      count.cut += 1;
      count.due = count.cut;
      pump();
    });
  }

  function askSync(): void {
    if (syncAsked) return;
    syncAsked = true;
    committer.sync(async () => {
      syncAsked = false;
      if (closing !== undefined || failure !== undefined) return; // closing syncs by itself
      await file.sync().catch((error: unknown) => fail(describeFailure(error)));
    });
  }

  /** The session must end; what it was shown before is still written. */
  function tell(detail: string): void {
    if (told !== undefined) return;
    told = detail;
    accepting = false;
    pressed = false;
    listener?.(detail);
    relief();
  }

  function fail(detail: string): void {
    if (failure !== undefined) return;
    failure = detail;
    queue = [];
    queuedBytes = 0;
    for (const { reject } of flushes.splice(0)) reject(new Error(detail));
    tell(detail);
  }

  /** All that was appended is in the file. */
  function drained(): Promise<void> {
    if (failure !== undefined) return Promise.reject(new Error(failure));
    writeAllCut();
    const upTo = count.cut;
    if (count.written >= upTo) return Promise.resolve();
    return new Promise((resolve, reject) => flushes.push({ upTo, resolve, reject }));
  }

  async function finish(last: () => Promise<void>): Promise<void> {
    accepting = false;
    cancelSign?.();
    try {
      await drained();
      await last();
      await file.sync();
    } catch (error) {
      fail(failure ?? describeFailure(error));
    }
    try {
      await file.close();
      await onClosed(failure === undefined);
    } catch (error) {
      fail(describeFailure(error));
    }
  }

  function bytesAt(type: 'output' | 'input', atMs: number, bytes: Uint8Array): void {
    if (!accepting) return;
    const us = Math.round(atMs * 1000);
    let done = 0;
    while (done < bytes.length) {
      if (!gatherer.hasSlab) lend();
      done += gatherer[type](us, bytes, done);
      if (done < bytes.length) cut();
    }
  }

  /** An event that is never split over two chunks. */
  function whole(put: () => boolean): void {
    if (!accepting) return;
    if (!gatherer.hasSlab) lend();
    if (put()) return;
    cut();
    lend();
    put();
  }

  return {
    output(atMs, bytes) {
      bytesAt('output', atMs, bytes);
      if (!accepting) return;
      queuedBytes += bytes.length;
      press();
    },
    resize: (atMs, size) => whole(() => gatherer.resize(Math.round(atMs * 1000), size)),
    marker(atMs, label) {
      const bytes = encodeLabel(label);
      whole(() => gatherer.marker(Math.round(atMs * 1000), bytes));
    },
    input: (atMs, bytes) => bytesAt('input', atMs, bytes),
    get pressure() {
      return pressed;
    },
    onRelief(call) {
      relief = call;
    },
    onFailure(call) {
      listener = call;
      if (told !== undefined) call(told);
    },
    flush: drained,
    seal(atMs, exitCode, cut) {
      closing ??= finish(() => {
        // After a failure the session may have gone on unrecorded: such a recording is not complete.
        const us = told === undefined ? Math.max(Math.round(atMs * 1000), gatherer.lastUs) : gatherer.lastUs;
        const exit = exitCode === undefined ? {} : { exitCode };
        const state = told === undefined && cut === undefined ? 'complete' : 'truncated';
        return file.seal({ state, ...exit }, { size: gatherer.size, us, offset: gatherer.offset });
      });
      return closing;
    },
    abandon() {
      closing ??= finish(() =>
        file.seal({ state: 'truncated' }, { size: gatherer.size, us: gatherer.lastUs, offset: gatherer.offset }),
      );
      return closing;
    },
    refuse: tell,
    written: file.written,
    index: file.index,
  };
}
