/** Replay indexes: made by a worker beside the sessions, kept beside the recordings. */
import { createScreenWorkers } from '../edges/screen/screen-workers.js';
import { createDiskReplayIndexFiles } from '../edges/storage/disk/disk-replay-index-files.js';
import type { RecordingStore } from '../gateway/ports/recording-store.js';
import type { Screens } from '../gateway/ports/screens.js';
import { createReplayIndexes, type ReplayIndexes, tellingSeals } from '../gateway/replay-indexes.js';
import type { Log } from './log.js';
import type { Stores } from './stores.js';
import { systemClock } from './system-clock.js';

export interface Replaying {
  readonly replayIndexes: ReplayIndexes;
  /** Emulators, for running sessions too. */
  readonly screens: Screens;
  /** The store, whose sealed recordings get an index. */
  readonly recordings: RecordingStore;
  close(): Promise<void>;
}

export function composeReplaying(
  stores: Pick<Stores, 'paths' | 'recordingKeys'>,
  recordings: RecordingStore,
  log: Log,
): Replaying {
  const screens = createScreenWorkers();
  const files = createDiskReplayIndexFiles({ directory: stores.paths.recordings, keys: stores.recordingKeys });
  const replayIndexes = createReplayIndexes({ recordings, files, screens, clock: systemClock, log });
  return {
    replayIndexes,
    screens,
    recordings: tellingSeals(recordings, (sessionId) => replayIndexes.enqueue(sessionId)),
    async close() {
      replayIndexes.close();
      await screens.close();
    },
  };
}
