/**
 * The policy and the legal holds. Traps: placing a hold and deciding a deletion must exclude each other (they share a
 * transaction's lock): a hold answered as placed is never overtaken by a deletion decided before it was asked for.
 */
import type { Result } from '@sallyport/core/model/problem.js';
import type { HoldSubject, LegalHold, RetentionPolicy } from '@sallyport/core/model/retention.js';

export type HoldPlace = Pick<LegalHold, 'subject' | 'subjectId'>;

export interface RetentionStore {
  policy(): Promise<RetentionPolicy>;
  setPolicy(policy: RetentionPolicy): Promise<void>;
  /** Holds that stand, oldest first: all, or those on the ids named, of whatever subject. */
  holds(subjectIds?: readonly string[]): Promise<readonly LegalHold[]>;
  /** Every hold there ever was on a subject, newest first. */
  holdHistory(subject: HoldSubject, subjectId: string): Promise<readonly LegalHold[]>;
  /**
   * One hold stands per subject: a second takes the place of the first, which then counts as lifted at that moment.
   * `recording.deleted` when the recording is gone or going.
   */
  placeHold(hold: Omit<LegalHold, 'lifted'>): Promise<Result<LegalHold>>;
  /** `not-found` when none stands. */
  liftHold(place: HoldPlace, lifted: NonNullable<LegalHold['lifted']>): Promise<Result<LegalHold>>;
}
