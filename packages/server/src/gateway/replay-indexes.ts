/**
 * Replay indexes of recordings: made in the background when a recording is sealed, at once when somebody looks at one
 * that has none, and for a running session up to now. A stored one is used only when it is bound to the recording as it
 * is: anything else is made again, never believed.
 *
 * One is made at a time, by a worker of low priority; one that somebody waits for goes first. This thread only carries
 * bytes from the store to the worker.
 */
import { promisify } from 'node:util';
import { gunzip, type ZlibOptions } from 'node:zlib';
import {
  decodeIndexPreamble,
  INDEX_PREAMBLE_BYTES,
  type IndexPreamble,
  keyframesStart,
} from '@sallyport/core/cast/replay-index-file.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { Recording } from '@sallyport/core/model/session.js';
import type { Thumbnail } from '@sallyport/core/terminal/thumbnail.js';
import { createIndexDrafts, type IndexDrafts } from './index-drafts.js';
import type { Clock } from './ports/clock.js';
import type { RecordingStore } from './ports/recording-store.js';
import type { ReplayIndexFiles } from './ports/replay-index-files.js';
import type { Screens } from './ports/screens.js';

/**
 * Made unasked up to this much output. An emulator costs several times what the session itself did: for a flood that is
 * paid when somebody looks, and the part that is made can be sought in at once.
 */
const UNASKED_BYTES = 4 * 1024 * 1024;
/** Waiting to be made; past this many they are made when somebody looks. */
const MAX_QUEUED = 10_000;
const MAX_KNOWN = 500;
const MAX_PICTURE_BYTES = 1024 * 1024;
const opened = promisify<Uint8Array, ZlibOptions, Buffer>(gunzip);

export interface ReplayIndexes {
  /** The gzipped table, of as much as is known by now. */
  table(sessionId: string): Promise<Result<Uint8Array>>;
  /** Keyframes as the last table given names them. */
  keyframes(sessionId: string, start: number, end: number): Promise<Result<Uint8Array>>;
  /** undefined: not made yet, or nothing was ever shown. */
  thumbnail(sessionId: string): Promise<Result<Thumbnail | undefined>>;
  /** Makes its index when there is time, unless it is so large that somebody should ask for it first. */
  enqueue(sessionId: string): void;
  close(): void;
}
export interface ReplayIndexesDeps {
  readonly recordings: RecordingStore;
  readonly files: ReplayIndexFiles;
  readonly screens: Screens;
  readonly clock: Clock;
  readonly log: { error(fields: object, message: string): void };
}

export function createReplayIndexes(deps: ReplayIndexesDeps): ReplayIndexes {
  const { recordings, files } = deps;
  const drafts: IndexDrafts = createIndexDrafts(deps);
  /** Stored indexes that were found to be bound to their recording. */
  const known = new Map<string, IndexPreamble>();
  /** True: somebody asked for it. */
  const queue = new Map<string, boolean>();
  let making = false;
  let closed = false;

  async function stored(sessionId: string, recording: Recording): Promise<IndexPreamble | undefined> {
    if (recording.state === 'writing') return undefined;
    const preamble = decodeIndexPreamble(await files.read(sessionId, 0, INDEX_PREAMBLE_BYTES));
    const fits =
      preamble !== undefined &&
      preamble.recordingBytes === recording.sizeBytes &&
      hex(preamble.head) === (recording.head ?? '') &&
      (await files.size(sessionId))! >= keyframesStart(preamble);
    known.delete(sessionId);
    if (!fits) return undefined;
    known.set(sessionId, preamble);
    if (known.size > MAX_KNOWN) known.delete(known.keys().next().value ?? '');
    return preamble;
  }
  const found = async (sessionId: string): Promise<Recording | undefined> => {
    const recording = await recordings.describe(sessionId);
    return recording === undefined || recording.state === 'missing' ? undefined : recording;
  };

  async function makeNext(): Promise<void> {
    if (making || closed) return;
    const [next] = queue;
    if (next === undefined) return;
    const [sessionId, asked] = next;
    queue.delete(sessionId);
    making = true;
    try {
      const recording = await found(sessionId);
      const makes = recording !== undefined && recording.state !== 'writing';
      const due = asked || (recording?.outputBytes ?? 0) <= UNASKED_BYTES;
      if (makes && due && !(await stored(sessionId, recording))) await drafts.whole(sessionId, recording);
    } catch (error) {
      if (!closed) deps.log.error({ err: error, session: sessionId }, 'a replay index could not be made');
    } finally {
      making = false;
      void makeNext();
    }
  }
  const want = (sessionId: string, asked: boolean): void => {
    if (closed || queue.size >= MAX_QUEUED) return;
    queue.set(sessionId, asked || queue.get(sessionId) === true);
    void makeNext();
  };

  return {
    async table(sessionId) {
      const recording = await found(sessionId);
      if (!recording) return fail('recording.missing');
      const preamble = await stored(sessionId, recording);
      if (preamble) {
        const start = INDEX_PREAMBLE_BYTES + preamble.thumbnailBytes;
        return ok(await files.read(sessionId, start, start + preamble.tableBytes));
      }
      const table = await drafts.table(sessionId, recording);
      return table ? ok(table) : fail('recording.missing');
    },

    async keyframes(sessionId, start, end) {
      const preamble = known.get(sessionId);
      if (preamble) {
        const from = keyframesStart(preamble);
        const bytes = await files.read(sessionId, from + start, from + end);
        if (bytes.length > 0) return ok(bytes);
        known.delete(sessionId);
      }
      const bytes = await drafts.keyframes(sessionId, start, end);
      return bytes ? ok(bytes) : fail('not-found');
    },

    async thumbnail(sessionId) {
      const recording = await found(sessionId);
      if (!recording) return fail('recording.missing');
      const preamble = await stored(sessionId, recording);
      if (preamble === undefined) {
        if (recording.state !== 'writing') want(sessionId, true);
        return ok(await drafts.thumbnail(sessionId));
      }
      if (preamble.thumbnailBytes === 0) return ok(undefined);
      const from = INDEX_PREAMBLE_BYTES;
      const packed = await files.read(sessionId, from, from + preamble.thumbnailBytes);
      try {
        return ok(JSON.parse((await opened(packed, { maxOutputLength: MAX_PICTURE_BYTES })).toString()) as Thumbnail);
      } catch {
        await files.remove(sessionId); // a flipped bit: it is made again
        want(sessionId, true);
        return ok(undefined);
      }
    },

    enqueue: (sessionId) => want(sessionId, false),
    close() {
      closed = true;
      queue.clear();
      drafts.close();
    },
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** The store, saying when a recording is sealed. */
export function tellingSeals(recordings: RecordingStore, sealed: (sessionId: string) => void): RecordingStore {
  return {
    ...recordings,
    async create(header) {
      const writer = await recordings.create(header);
      const seal = writer.seal.bind(writer);
      return Object.assign(writer, {
        async seal(...given: Parameters<typeof writer.seal>) {
          await seal(...given);
          sealed(header.sessionId);
        },
      });
    },
  };
}
