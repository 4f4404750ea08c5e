/** The keeper of recordings and its sweeper, put together from a data directory's parts. */
import { randomBytes } from 'node:crypto';
import { createDiskRecordingShelf } from '../edges/storage/disk/disk-recording-shelf.js';
import { createRecordingKeeper, type RecordingKeeper } from '../gateway/keep/recording-keeper.js';
import type { RecordingStore } from '../gateway/ports/recording-store.js';
import type { Log } from './log.js';
import type { Stores } from './stores.js';
import { systemClock } from './system-clock.js';

export function composeKeeper(stores: Stores, recordings: RecordingStore, floorMs: number, log: Log): RecordingKeeper {
  const { retention, deletions, sessions, directory, audit } = stores;
  return createRecordingKeeper({
    retention,
    deletions,
    sessions,
    directory,
    audit,
    recordings,
    shelf: createDiskRecordingShelf({ directory: stores.paths.recordings }),
    keys: stores.recordingKeys,
    ledger: stores.ledger,
    signHeads: async () => {
      await stores.heads.sign();
    },
    clock: systemClock,
    random: randomBytes,
    floorMs,
    log,
  });
}
