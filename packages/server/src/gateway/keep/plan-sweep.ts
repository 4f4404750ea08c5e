/**
 * Which recordings retention would delete now, one after the other, the oldest first: those whose rule has run out, then,
 * while all together are over the size goal, what the goal may take. A preview and a sweep walk the same plan. Memory:
 * one page of rows, whatever the number of recordings; sizes are asked of the disk.
 */
import { keepOf, keptRecording, verdictOf } from '@sallyport/core/lifecycle/recording-keep.js';
import { type LegalHold, type RetentionPolicy, SIZE_GOAL } from '@sallyport/core/model/retention.js';
import type { Session } from '@sallyport/core/model/session.js';
import type { DeletionStore } from '../ports/deletion-store.js';
import type { RecordingShelf } from '../ports/recording-shelf.js';

const PAGE = 200;

export interface SweepFacts {
  readonly policy: RetentionPolicy;
  readonly holds: readonly LegalHold[];
  readonly floorMs: number;
  readonly now: number;
}
export interface PlannedDeletion {
  readonly session: Session;
  readonly bytes: number;
  /** The rule's name, or SIZE_GOAL. */
  readonly rule: string;
  readonly reason: string;
}
/** Filled while the plan is walked. */
export interface SweepTotals {
  /** All that is stored; counted only when there is a goal. */
  storedBytes?: number;
  goalBytes?: number;
  /** What still lies over the goal when nothing more may go. */
  overBytes?: number;
}
export interface SweepDeps {
  readonly deletions: DeletionStore;
  readonly shelf: RecordingShelf;
}

export async function* planSweep(
  deps: SweepDeps,
  facts: SweepFacts,
  totals: SweepTotals = {},
): AsyncGenerator<PlannedDeletion, void, undefined> {
  const { policy, holds, floorMs, now } = facts;
  const goal = policy.maxBytes;
  let left = 0;
  if (goal !== undefined) {
    for await (const { bytes } of deps.shelf.all()) left += bytes;
    Object.assign(totals, { storedBytes: left, goalBytes: goal });
  }
  const judge = (session: Session) => verdictOf(keepOf(policy, floorMs, holds, keptRecording(session)), now);

  if (policy.rules.some(({ days }) => days !== undefined)) {
    for await (const session of candidates(deps.deletions)) {
      const verdict = judge(session);
      const files = verdict.kind === 'expired' ? await deps.shelf.find(session.id) : undefined;
      if (verdict.kind !== 'expired' || !files?.recorded) continue;
      left -= files.bytes;
      const until = new Date(verdict.at).toISOString().slice(0, 10);
      yield {
        session,
        bytes: files.bytes,
        rule: verdict.rule,
        reason: `rule “${verdict.rule}” kept it until ${until}`,
      };
    }
  }
  if (goal === undefined) return;
  if (left > goal) {
    for await (const session of candidates(deps.deletions)) {
      const verdict = judge(session);
      const files = verdict.kind === 'kept' && verdict.spare ? await deps.shelf.find(session.id) : undefined;
      if (!files?.recorded) continue;
      left -= files.bytes;
      yield { session, bytes: files.bytes, rule: SIZE_GOAL, reason: `the oldest while all were over ${goal} bytes` };
      if (left <= goal) break;
    }
  }
  totals.overBytes = Math.max(0, left - goal);
}

async function* candidates(deletions: DeletionStore): AsyncGenerator<Session, void, undefined> {
  let last: Session | undefined;
  for (;;) {
    const page = await deletions.candidates(PAGE, last && [last.endedAt ?? 0, last.id]);
    yield* page;
    last = page.at(-1);
    if (page.length < PAGE) return;
  }
}
