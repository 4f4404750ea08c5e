/**
 * The files of recordings as things that take room and can be taken away. Traps: `remove` is only ever called by
 * gateway/keep, after the decision is stored; it is idempotent, since a start after a crash calls it again.
 */
export interface StoredFiles {
  readonly sessionId: string;
  /** The recording and all that was made from it. */
  readonly bytes: number;
  /** False: only leftovers stand there, such as an index made while its recording was deleted. */
  readonly recorded: boolean;
}

export interface RecordingShelf {
  /** undefined: nothing of this session is stored. */
  find(sessionId: string): Promise<StoredFiles | undefined>;
  /** Everything that is stored, in no order. */
  all(): AsyncIterable<StoredFiles>;
  /** Recording, index and whatever else bears its name; gone from the disk when this resolves. */
  remove(sessionId: string): Promise<void>;
}
