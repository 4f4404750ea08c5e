/**
 * Credit between a target and its client (W3, F8): output sent and not yet parsed by the client may reach WINDOW_BYTES;
 * then the target is paused, by its own protocol's window, until credit comes back. Nothing is dropped and nothing is
 * queued here: memory is bounded by the window whatever the target prints.
 */
import { WINDOW_BYTES } from '@sallyport/core/wire/terminal-frames.js';

/** Output a session may gather with nobody there, before the target is held back. */
export const DETACHED_WINDOW_BYTES = 4 * 1024 * 1024;

export interface Flow {
  sent(bytes: number): void;
  credited(bytes: number): void;
  /** Another client, or none (undefined): the count starts again. */
  clientIs(present: boolean): void;
  /** While a client is brought up to date nothing may come from the target. Returns after counting the history sent. */
  beginCatchUp(): void;
  endCatchUp(historyBytes: number): void;
  readonly catchingUp: boolean;
  /** Looks again: the recorder has room, or a target has come. */
  balance(): void;
}

export function createFlow(target: { pause(): void; resume(): void; recorderFull(): boolean }): Flow {
  let window = WINDOW_BYTES;
  let outstanding = 0;
  let catchingUp = false;
  let paused = false;

  function balance(): void {
    const hold = catchingUp || outstanding >= window || target.recorderFull();
    if (hold === paused) return;
    paused = hold;
    if (hold) target.pause();
    else target.resume();
  }
  return {
    sent(bytes) {
      outstanding += bytes;
      balance();
    },
    credited(bytes) {
      // While catching up, credit for history may arrive before the history is counted: the count may go below zero.
      outstanding = catchingUp ? outstanding - bytes : Math.max(0, outstanding - bytes);
      balance();
    },
    clientIs(present) {
      window = present ? WINDOW_BYTES : DETACHED_WINDOW_BYTES;
      outstanding = 0;
      balance();
    },
    beginCatchUp() {
      catchingUp = true;
      balance();
    },
    endCatchUp(historyBytes) {
      outstanding = Math.max(0, outstanding + historyBytes);
      catchingUp = false;
      balance();
    },
    get catchingUp() {
      return catchingUp;
    },
    balance,
  };
}
