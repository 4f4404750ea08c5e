/**
 * Recordings as files on a local disk: one container per session, private to the gateway's user. See committer.ts for
 * when bytes reach the disk and recording-writer.ts for what a failure does.
 */
import { ChunkChain } from '@sallyport/core/cast/chunk-chain.js';
import { PREAMBLE_BYTES } from '@sallyport/core/cast/container.js';
import { openChunk } from '@sallyport/core/cast/decode-recording.js';
import { decodeRecordingHeader, type RecordingHeader } from '@sallyport/core/cast/recording-header.js';
import { isId } from '@sallyport/core/model/id.js';
import type { Recording } from '@sallyport/core/model/session.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import type { RecordingKeys } from '../../../gateway/ports/recording-keys.js';
import type { RecordingStore } from '../../../gateway/ports/recording-store.js';
import { createChunkGzip } from './chunk-gzip.js';
import { createCommitter } from './committer.js';
import { createDiskReserve } from './disk-reserve.js';
import { type Evidence, headSigning, tellEnd } from './evidence.js';
import { createPayloadKeys, encryptionOf, payloadCipher } from './payload-keys.js';
import { createPlainReader } from './plain-view.js';
import {
  createRecordingFile,
  describeFailure,
  leftOpen,
  openRecording,
  recordingPath,
  removeMarker,
} from './recording-files.js';
import { hop, readAt, readChunk, readEvents, readIndex, readSeal, TOOLS } from './recording-reader.js';
import { createRecordingWriter, type DiskWriter } from './recording-writer.js';
import { repairRecording } from './repair-recording.js';
import { sha256 } from './sha256.js';
import { createSlabPool } from './slab-pool.js';

const RECOVERY_LANES = 3;

export interface DiskRecordingStoreOptions {
  /** Holds nothing but recordings; made when missing, with mode 0700. */
  readonly directory: string;
  readonly clock: Clock;
  /** Absent in tests that look at bytes alone. */
  readonly evidence?: Evidence;
  /** Opens encrypted recordings; `encrypt`: new ones are encrypted. Absent: there are none. */
  readonly keys?: RecordingKeys;
  readonly encrypt?: boolean;
}

export function createDiskRecordingStore(options: DiskRecordingStoreOptions): RecordingStore {
  const { directory, clock, evidence } = options;
  const reserve = createDiskReserve(directory);
  const gzip = createChunkGzip(clock);
  const parts = { clock, committer: createCommitter(clock), gzip, slabs: createSlabPool(), reserve };
  const writers = new Map<string, DiskWriter>();
  const payloadKeys = createPayloadKeys(options.keys, clock);
  const plainView = createPlainReader();
  const signing = (sessionId: string) => headSigning(evidence, clock, sessionId);
  /** Ends being written into the ledger; no session waits for it. */
  const concluding = new Set<Promise<void>>();

  /** undefined: no such recording. */
  async function withFile<T>(sessionId: string, use: (file: OpenFile) => Promise<T>): Promise<T | undefined> {
    const file = await openExisting(directory, sessionId);
    if (file === undefined) return undefined;
    try {
      return await use(file);
    } finally {
      await file.close();
    }
  }
  /** Up to where the file may be read: what is written, not what a write in progress has begun. */
  const endOf = async (sessionId: string, file: OpenFile): Promise<number> =>
    writers.get(sessionId)?.written().bytes ?? (await file.stat()).size;

  /** The end is told to the ledger, then the marker goes: a crash between the two is mended by the next start. */
  async function conclude(sessionId: string, kind: 'sealed' | 'recovered'): Promise<void> {
    if (evidence === undefined) return removeMarker(directory, sessionId);
    const told = (async () => {
      const file = await withFile(sessionId, (open) => describeFile(sessionId, open));
      if (file !== undefined) await tellEnd(evidence, kind, file);
      await removeMarker(directory, sessionId);
    })().catch(() => {}); // it stays marked, and the next start tells
    concluding.add(told);
    void told.then(() => concluding.delete(told));
  }

  return {
    async create(asked) {
      const { sessionId } = asked;
      const key = options.encrypt === true ? await options.keys?.create(sessionId) : undefined;
      const header = key === undefined ? asked : { ...asked, encryption: encryptionOf(key) };
      const begun = ChunkChain.begin(header, sha256, key && payloadCipher(key));
      if (isId(sessionId)) await reserve.ensure();
      const { path, file } = await createRecordingFile(directory, sessionId, begun.bytes).catch(
        async (error: unknown) => {
          if (key !== undefined) await options.keys?.destroy(sessionId).catch(() => {}); // it opens nothing
          throw error;
        },
      );
      const onClosed = async (sealed: boolean): Promise<void> => {
        try {
          const ended = sealed
            ? 'sealed'
            : await repairRecording(path, signing(sessionId), payloadKeys.toolsFor(sessionId));
          if (ended !== undefined) await conclude(sessionId, 'sealed');
        } finally {
          writers.delete(sessionId);
        }
      };
      const writer = createRecordingWriter(file, header, begun, parts, onClosed, signing(sessionId));
      writers.set(sessionId, writer);
      // Its file stands before its entry: a file that is missing was taken away. Not waited for: the row and the audit
      // entry of the session exist, and output is recorded; a ledger that fails ends the session.
      evidence?.ledger
        .append({ kind: 'opened', sessionId })
        .catch((error: unknown) => writer.refuse(describeFailure(error)));
      return writer;
    },

    async describe(sessionId) {
      const writer = writers.get(sessionId);
      if (writer === undefined) return withFile(sessionId, (file) => describeFile(sessionId, file));
      const { bytes, lastUs, outputBytes, head } = writer.written();
      const facts = describe(sessionId, 'writing', bytes, lastUs, outputBytes, head);
      return options.encrypt === true ? { ...facts, encrypted: true } : facts;
    },

    async header(sessionId) {
      return withFile(sessionId, async (file) => readHeader(file, await endOf(sessionId, file)));
    },

    async *read(sessionId, from = 0) {
      const file = await openExisting(directory, sessionId);
      if (file === undefined) return;
      try {
        const writer = writers.get(sessionId);
        const end = await endOf(sessionId, file);
        const entries = from === 0 ? [] : (writer?.index.entries ?? (await readIndex(file, end)));
        yield* readEvents(file, end, from, writer !== undefined, entries, payloadKeys.toolsFor(sessionId));
      } finally {
        await file.close();
      }
    },

    async readRaw(sessionId, start, end, view = 'stored') {
      const bytes = await withFile(sessionId, async (file) => {
        const first = Math.max(0, start);
        const size = await endOf(sessionId, file);
        const stop = Math.min(end, size);
        const key = view === 'plain' && stop > first ? await payloadKeys.find(sessionId) : undefined;
        if (key === undefined) return readAt(file, first, stop - first);
        const entries = () => writers.get(sessionId)?.index.entries ?? readIndex(file, size);
        return plainView({ sessionId, file, size, entries, decrypt: payloadCipher(key) }, first, stop);
      });
      return bytes ?? new Uint8Array(0);
    },

    async recover(isLive) {
      const touched: string[] = [];
      await reserve.ensure().catch(() => {}); // the first session to open is told
      const left = (await leftOpen(directory)).filter((id) => !writers.has(id) && !isLive(id));
      const rest = left.values();
      const repairNext = async (): Promise<void> => {
        for (const sessionId of rest) {
          touched.push(sessionId);
          try {
            const ended = await repairRecording(
              recordingPath(directory, sessionId),
              signing(sessionId),
              payloadKeys.toolsFor(sessionId),
            );
            evidence?.ledger.append({ kind: 'opened', sessionId }).catch(() => {}); // the end is then not told either
            await conclude(sessionId, ended === 'sealed' ? 'sealed' : 'recovered');
          } catch (error) {
            // No file: it crashed before its recording began. Else it stays marked for the next start.
            if ((error as NodeJS.ErrnoException).code === 'ENOENT') await removeMarker(directory, sessionId);
          }
        }
      };
      // Together, so that the disk's syncs are shared; few, so that other start-up work finds threads.
      await Promise.all(Array.from({ length: RECOVERY_LANES }, repairNext));
      await Promise.all(concluding);
      return touched;
    },

    async close() {
      await Promise.all([...writers.values()].map((writer) => writer.abandon()));
      await Promise.all(concluding);
    },
  };
}

async function describeFile(sessionId: string, file: OpenFile): Promise<Recording> {
  const { size } = await file.stat();
  const facts = await endOfFile(sessionId, file, size);
  const encrypted = (await readHeader(file, size))?.encryption !== undefined;
  return encrypted ? { ...facts, encrypted } : facts;
}

async function readHeader(file: OpenFile, end: number): Promise<RecordingHeader | undefined> {
  const chunk = await readChunk(file, PREAMBLE_BYTES, end);
  if (chunk === undefined) return undefined;
  const payload = await openChunk(chunk, undefined, TOOLS);
  return typeof payload === 'string' ? undefined : decodeRecordingHeader(payload);
}

async function endOfFile(sessionId: string, file: OpenFile, size: number): Promise<Recording> {
  const sealed = await readSeal(file, size);
  if (sealed !== undefined)
    return describe(sessionId, sealed.seal.state, size, sealed.header.lastUs, sealed.header.offset, sealed.head);
  const { after, hash } = await hop(file, size, () => true);
  if (after === undefined) return describe(sessionId, 'truncated', size, 0, 0);
  return describe(sessionId, 'truncated', size, after.lastUs, after.offset + after.outputBytes, hash);
}

type OpenFile = Awaited<ReturnType<typeof openRecording>>;

async function openExisting(directory: string, sessionId: string): Promise<OpenFile | undefined> {
  if (!isId(sessionId)) return undefined;
  try {
    return await openRecording(recordingPath(directory, sessionId));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function describe(
  sessionId: string,
  state: Recording['state'],
  sizeBytes: number,
  lastUs: number,
  outputBytes: number,
  head?: Uint8Array,
): Recording {
  const hex = head === undefined ? {} : { head: Buffer.from(head).toString('hex') };
  return { sessionId, state, sizeBytes, durationMs: lastUs / 1000, outputBytes, ...hex };
}
