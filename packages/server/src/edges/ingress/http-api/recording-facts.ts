/**
 * Size and length of recordings for lists. The file of a session that is over does not change, so it is looked at once.
 * Before that a file just made looks like a torn one: what it says is told, and not kept.
 */
import type { Recording, Session } from '@sallyport/core/model/session.js';
import type { RecordingStore } from '../../../gateway/ports/recording-store.js';

const MAX_CACHED = 5_000;

export interface RecordingFacts {
  of(session: Session): Promise<Recording | undefined>;
}

export function createRecordingFacts(recordings: RecordingStore): RecordingFacts {
  const sealed = new Map<string, Recording>();
  return {
    async of({ id, state }) {
      const known = sealed.get(id);
      if (known) return known;
      const found = await recordings.describe(id);
      const over = state === 'ended' || state === 'failed';
      if (over && (found?.state === 'complete' || found?.state === 'truncated')) {
        sealed.set(id, found);
        if (sealed.size > MAX_CACHED) sealed.delete(sealed.keys().next().value ?? '');
      }
      return found;
    },
  };
}
