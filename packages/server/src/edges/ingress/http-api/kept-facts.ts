/** What keeps each session's recording, or what became of it, as the API tells it. */
import { verdictOf } from '@sallyport/core/lifecycle/recording-keep.js';
import type { Session } from '@sallyport/core/model/session.js';
import type { DeletionAnswer, KeepAnswer } from '@sallyport/core/wire/retention-messages.js';
import type { RecordingKeeper } from '../../../gateway/keep/recording-keeper.js';
import type { Clock } from '../../../gateway/ports/clock.js';

export interface KeptFacts {
  readonly keep?: KeepAnswer;
  readonly deletion?: DeletionAnswer;
}

/** For a page of sessions at once: three queries, however many they are. */
export async function keptFacts(
  keeper: Pick<RecordingKeeper, 'keptOf'>,
  clock: Clock,
  sessions: readonly Session[],
  /** Whose recordings are held need not know it. */
  seesHolds: boolean,
): Promise<ReadonlyMap<string, KeptFacts>> {
  const kept = await keeper.keptOf(sessions);
  const facts = new Map<string, KeptFacts>();
  for (const [id, { keep, deletion }] of kept) {
    if (deletion !== undefined) {
      facts.set(id, { deletion });
      continue;
    }
    const { guardedUntil, holds, ...rest } = keep;
    const verdict = verdictOf(keep, clock.now());
    facts.set(id, {
      keep: { ...rest, holds: seesHolds ? [...holds] : [], spare: verdict.kind === 'kept' && verdict.spare },
    });
  }
  return facts;
}
