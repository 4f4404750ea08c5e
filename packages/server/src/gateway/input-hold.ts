/**
 * Whether a session takes what its user types. While it is held every typed byte is dropped and counted: none is kept
 * for later, because what was typed at one screen may be wrong at another.
 */
import type { Freeze } from '@sallyport/core/wire/watch-frames.js';

export interface InputHold {
  readonly frozen: Freeze | undefined;
  /** False: they were dropped. */
  lets(bytes: number): boolean;
  /** `takenBack`: bytes that had been let through and did not reach the host. A second freeze takes the place of the first. */
  freeze(freeze: Freeze, takenBack: number): void;
  /** How many bytes were dropped since the first freeze; undefined when nothing is held. */
  unfreeze(): number | undefined;
}

export function createInputHold(): InputHold {
  let frozen: Freeze | undefined;
  let dropped = 0;
  return {
    get frozen() {
      return frozen;
    },
    lets(bytes) {
      if (frozen === undefined) return true;
      dropped += bytes;
      return false;
    },
    freeze(freeze, takenBack) {
      frozen = freeze;
      dropped += takenBack;
    },
    unfreeze() {
      if (frozen === undefined) return undefined;
      const count = dropped;
      frozen = undefined;
      dropped = 0;
      return count;
    },
  };
}
