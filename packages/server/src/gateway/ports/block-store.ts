/** Users who are kept out for a time (core/model/block.ts). Any number without a session, one for each session. */
import type { Block } from '@sallyport/core/model/block.js';

export interface BlockStore {
  /** False when the end of that session has brought a block already; looked at and written in one transaction. */
  add(block: Block): Promise<boolean>;
  /** Those that still stand then, the newest first. */
  standing(now: number): Promise<readonly Block[]>;
  /** Takes it away: what it was, for who did so, once. */
  lift(id: string): Promise<Block | undefined>;
}
