/**
 * A user who is kept out for a time. It is written down and shown; nothing refuses a connection because of it yet: the
 * grants and checks to come will ask for it.
 */
export interface Block {
  readonly id: string;
  readonly userId: string;
  /** UTC ms. */
  readonly until: number;
  readonly reason: string;
  /** Who set it: a copy of the name, which outlives its bearer. */
  readonly by: string;
  readonly byId: string;
  readonly at: number;
  /** The session whose end it came with; none, when the user was blocked without one. */
  readonly sessionId?: string;
}
export const MAX_BLOCK_MINUTES = 525_600; // a year
