/**
 * Rows of deletions: decided first, done after, so that a crash between is finished at the next start. A row stays for
 * ever; it is what the session's row says of its recording.
 */
import type { RecordingDeletion } from '@sallyport/core/model/retention.js';
import type { Session } from '@sallyport/core/model/session.js';

/** Where the walk over what may be deleted goes on; opaque. */
export type CandidateCursor = readonly [since: number, sessionId: string];

export type MarkRefusal = 'unknown' | 'running' | 'held' | 'floor' | 'deleted';

export interface DeletionStore {
  /** Sessions that are over and whose recording was not deleted, the oldest end first. */
  candidates(limit: number, after?: CandidateCursor): Promise<readonly Session[]>;
  /**
   * The decision, in one transaction with the look at what forbids it: a session not over, a hold that covers it, an
   * end later than `endedBy` (the floor), a deletion before. INVARIANT: no recording is deleted without this row.
   */
  mark(deletion: Omit<RecordingDeletion, 'state'>, endedBy: number): Promise<MarkRefusal | undefined>;
  advance(sessionId: string, state: 'logged' | 'done'): Promise<void>;
  /** Not yet `done`, the oldest first: a crash came between. */
  unfinished(): Promise<readonly RecordingDeletion[]>;
  of(sessionIds: readonly string[]): Promise<ReadonlyMap<string, RecordingDeletion>>;
}
