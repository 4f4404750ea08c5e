/**
 * Where the keys of encrypted recordings lie, each sealed under one wrapping key that the vault keeps; so a rotation of
 * the master key touches one row, however many recordings there are. Traps: `remove` must leave no copy of the row in
 * the store's files, neither in free pages nor in a log: the row's end is what makes the recording unreadable.
 */
export interface RecordingKeyRows {
  /** False: the session has one. */
  insert(sessionId: string, sealed: string): Promise<boolean>;
  get(sessionId: string): Promise<string | undefined>;
  remove(sessionId: string): Promise<void>;
  /** The vault's id of the wrapping key. */
  wrapId(): Promise<string | undefined>;
  /** Sets the first one; answers the one that stands. */
  claimWrapId(id: string): Promise<string>;
}
