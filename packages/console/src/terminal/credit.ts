/**
 * Flow control as the page does its part: bytes the emulator has parsed are credited to the server each time enough have
 * gathered, and the rest soon after the emulator has nothing left to do. Bytes of an older connection are not counted:
 * the new one starts with a full window.
 */
import { CREDIT_EVERY_BYTES } from '@sallyport/core/wire/terminal-frames.js';
import type { PageClock } from './page-clock.js';

/** Long enough that a line of typing costs one CREDIT and not one each key. */
const IDLE_MS = 200;

export interface Credit {
  /** The connection is new: forget what was gathered. */
  restart(): void;
  /** A write of `bytes` was given to the emulator; call the answer when it is parsed. */
  taken(bytes: number): () => void;
  stop(): void;
}

export function createCredit(clock: PageClock, send: (bytes: number) => void): Credit {
  let epoch = 0;
  let unparsed = 0;
  let gathered = 0;
  let cancelIdle: (() => void) | undefined;

  const flush = (): void => {
    cancelIdle?.();
    cancelIdle = undefined;
    if (gathered === 0) return;
    const bytes = gathered;
    gathered = 0;
    send(bytes);
  };
  const restart = (): void => {
    epoch++;
    unparsed = 0;
    gathered = 0;
    cancelIdle?.();
    cancelIdle = undefined;
  };
  return {
    restart,
    taken(bytes) {
      const born = epoch;
      unparsed += bytes;
      return () => {
        if (born !== epoch) return;
        unparsed -= bytes;
        gathered += bytes;
        if (gathered >= CREDIT_EVERY_BYTES) flush();
        else if (unparsed === 0) cancelIdle ??= clock.after(IDLE_MS, flush);
      };
    },
    stop: restart,
  };
}
