/** Signed heads, kept. Append-only; `append` resolves when durable. One stands in the database, one outside it. */
import type { SignedHead } from '@sallyport/core/evidence/signed-head.js';

export interface HeadLog {
  append(head: SignedHead): Promise<void>;
  /** The newest, at most `limit`, oldest of them first. */
  newest(limit: number): Promise<readonly SignedHead[]>;
  /** All, oldest first; a line that is no head comes out as its text. */
  all(): AsyncIterable<SignedHead | string>;
}
