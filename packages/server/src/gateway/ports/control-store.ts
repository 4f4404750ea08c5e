/** The control book's log: every change of a durable control fact, append-only. The book at any version is a fold of it. */
import type { Change } from '@sallyport/core/policy/book.js';

export interface ControlStore {
  /** Those after that version, oldest first. */
  changes(after: number): Promise<readonly Change[]>;
  /**
   * All of them or none. False when their first version is not the next one: somebody else has written.
   * INVARIANT: versions begin at 1 and have no gap.
   */
  append(changes: readonly Change[]): Promise<boolean>;
}
