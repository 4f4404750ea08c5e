/**
 * A user who is kept out for a time, as lists show it: the view of a block of the control book (policy/block.ts), which
 * refuses sign-ins, tokens and every operation, and ends what runs.
 */
export interface Block {
  readonly id: string;
  readonly userId: string;
  /** UTC ms. */
  readonly until: number;
  readonly reason: string;
  /** Who set it: a copy of the name, which outlives its bearer. */
  readonly by: string;
  readonly byId?: string;
  readonly at: number;
  /** The session whose end it came with; none, when the user was blocked without one. */
  readonly sessionId?: string;
  /** Present: nobody set it, it came of too many operations. */
  readonly automatic?: true;
}
export const MAX_BLOCK_MINUTES = 525_600; // a year
