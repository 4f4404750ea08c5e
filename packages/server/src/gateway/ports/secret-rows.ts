/**
 * Where the vault keeps what it sealed. Rows are text only and mean nothing without the master key. The key mark names
 * the master key that the rows are sealed under; it is an id derived from the key, never the key.
 *
 * Traps: `insert` and `update` must look at the mark in the same transaction: a row sealed under a key that a rotation
 * has just retired could never be opened again.
 */
export interface SecretRow {
  readonly id: string;
  readonly purpose: string;
  /** The master key that wraps `wrappedKey`. */
  readonly keyId: string;
  readonly wrappedKey: string;
  readonly sealed: string;
}

export interface SecretRows {
  get(id: string): Promise<SecretRow | undefined>;
  /** False when the mark is no longer the row's `keyId`: nothing was written. */
  insert(row: SecretRow): Promise<boolean>;
  /** False when the mark is no longer the row's `keyId`, or there is no such row: nothing was written. */
  update(row: SecretRow): Promise<boolean>;
  remove(id: string): Promise<void>;
  keyMark(): Promise<string | undefined>;
  /** Sets the first mark; answers the one that stands. */
  claimKeyMark(keyId: string): Promise<string>;
  /**
   * Passes every row through `wrap` and moves the mark, all in one transaction. Returns how many rows; undefined when
   * the mark was not `from`: nothing was written.
   */
  rewrap(from: string, to: string, wrap: (row: SecretRow) => SecretRow): Promise<number | undefined>;
}
