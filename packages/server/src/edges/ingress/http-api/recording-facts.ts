/** Size and length of recordings for lists. A sealed file does not change, so it is looked at once. */
import type { Recording, Session } from '@sallyport/core/model/session.js';
import type { RecordingStore } from '../../../gateway/ports/recording-store.js';

const MAX_CACHED = 5_000;

export interface RecordingFacts {
  of(session: Session): Promise<Recording | undefined>;
}

export function createRecordingFacts(recordings: RecordingStore): RecordingFacts {
  const sealed = new Map<string, Recording>();
  return {
    async of({ id }) {
      const known = sealed.get(id);
      if (known) return known;
      const found = await recordings.describe(id);
      if (found?.state === 'complete' || found?.state === 'truncated') {
        sealed.set(id, found);
        if (sealed.size > MAX_CACHED) sealed.delete(sealed.keys().next().value ?? '');
      }
      return found;
    },
  };
}
