/**
 * Replay indexes while they are made. A draft is fed with the recording's bytes up to where it ends now; what it has so
 * far answers already, so that a recording of gigabytes can be looked at while its index is on the way. Those of running
 * sessions are kept while somebody asks, as going on costs less than beginning again.
 */
import type { Recording } from '@sallyport/core/model/session.js';
import type { Thumbnail } from '@sallyport/core/terminal/thumbnail.js';
import type { Clock } from './ports/clock.js';
import type { RecordingStore } from './ports/recording-store.js';
import type { ReplayIndexFiles } from './ports/replay-index-files.js';
import type { IndexDraft, Screens } from './ports/screens.js';

const PIECE_BYTES = 256 * 1024;
/** An answer waits this long for the draft to reach the end; most recordings are done by then. */
const PATIENCE_MS = 250;
const KEPT_MS = 60_000;
/** Each holds an emulator with its scrollback. */
const MAX_DRAFTS = 8;

export interface IndexDrafts {
  table(sessionId: string, recording: Recording): Promise<Uint8Array | undefined>;
  keyframes(sessionId: string, start: number, end: number): Promise<Uint8Array | undefined>;
  thumbnail(sessionId: string): Promise<Thumbnail | undefined>;
  /** Makes and stores the index of a recording that is over. */
  whole(sessionId: string, recording: Recording): Promise<void>;
  close(): void;
}
interface Draft {
  readonly draft: IndexDraft;
  fed: number;
  feeding: Promise<void> | undefined;
  asked: number;
  /** Somebody was given its table and comes back for its keyframes. */
  shown: boolean;
}

export function createIndexDrafts(deps: {
  readonly recordings: RecordingStore;
  readonly files: ReplayIndexFiles;
  readonly screens: Screens;
  readonly clock: Clock;
  readonly log: { error(fields: object, message: string): void };
}): IndexDrafts {
  const { recordings, files, clock } = deps;
  const drafts = new Map<string, Draft>();
  let closed = false;

  const drop = (sessionId: string): void => {
    drafts.get(sessionId)?.draft.close();
    drafts.delete(sessionId);
  };
  const draftOf = (sessionId: string): Draft => {
    const now = clock.monotonic();
    const before = drafts.get(sessionId);
    const made = before ?? { draft: deps.screens.index(), fed: 0, feeding: undefined, asked: now, shown: false };
    made.asked = now;
    drafts.delete(sessionId);
    drafts.set(sessionId, made);
    for (const [id, { asked, feeding }] of drafts) {
      if (id === sessionId || feeding !== undefined) continue;
      if (now - asked > KEPT_MS || drafts.size > MAX_DRAFTS) drop(id);
    }
    return made;
  };

  async function feed(sessionId: string, made: Draft, recording: Recording): Promise<void> {
    const { sizeBytes } = recording;
    let next = recordings.readRaw(sessionId, made.fed, Math.min(sizeBytes, made.fed + PIECE_BYTES), 'plain');
    let wanted = true;
    while (wanted && !closed) {
      const piece = await next;
      if (piece.length === 0) break;
      made.fed += piece.length;
      // Read ahead while the worker parses.
      next = recordings.readRaw(sessionId, made.fed, Math.min(sizeBytes, made.fed + PIECE_BYTES), 'plain');
      next.catch(() => {}); // awaited in the next turn, or not wanted
      wanted = await made.draft.add(piece);
    }
    if (closed || recording.state === 'writing') return;
    if (wanted) await made.draft.cutOff();
    const bytes = await made.draft.file(sizeBytes, Buffer.from(recording.head ?? '', 'hex'));
    // The recording may have been deleted meanwhile; then its index must not come after it.
    if (bytes && (await recordings.describe(sessionId))) await files.write(sessionId, bytes);
    if (!(await recordings.describe(sessionId))) await files.remove(sessionId);
  }
  /** One at a time for each draft: who comes while it is fed waits for the same. */
  function feedOnce(sessionId: string, recording: Recording): { readonly made: Draft; readonly done: Promise<void> } {
    const made = draftOf(sessionId);
    made.feeding ??= feed(sessionId, made, recording).finally(() => {
      made.feeding = undefined;
      if (recording.state === 'writing') return;
      clock.after(KEPT_MS, () => {
        if (drafts.get(sessionId) === made) drop(sessionId);
      });
    });
    return { made, done: made.feeding };
  }

  return {
    async table(sessionId, recording) {
      const { made, done } = feedOnce(sessionId, recording);
      made.shown = true;
      done.catch((error: unknown) => {
        drop(sessionId);
        if (!closed) deps.log.error({ err: error, session: sessionId }, 'a replay index could not be made');
      });
      await Promise.race([done, new Promise((resume) => clock.after(PATIENCE_MS, () => resume(undefined)))]);
      return made.draft.table();
    },

    async keyframes(sessionId, start, end) {
      const made = drafts.get(sessionId);
      if (!made) return undefined;
      made.asked = clock.monotonic();
      return made.draft.keyframes(start, end);
    },

    thumbnail: async (sessionId) => drafts.get(sessionId)?.draft.thumbnail(),

    async whole(sessionId, recording) {
      const { made, done } = feedOnce(sessionId, recording);
      try {
        await done;
      } finally {
        if (!closed && !made.shown && drafts.get(sessionId) === made) drop(sessionId);
      }
    },

    close() {
      closed = true;
      for (const id of [...drafts.keys()]) drop(id);
    },
  };
}
