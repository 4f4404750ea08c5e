/**
 * Sizes on their way to the target and the recording: the first at once, then at most one per RESIZE_MS, the last one
 * always (F15), and before what is typed after it. Dragging a window's edge makes hundreds a second; each costs the target a redraw and the recording a line.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { Clock } from './ports/clock.js';

export const RESIZE_MS = 100;

export interface ResizeGate {
  want(size: TerminalSize): void;
  /** What waits goes now. */
  flush(): void;
  stop(): void;
}

export function createResizeGate(clock: Clock, apply: (size: TerminalSize) => void): ResizeGate {
  let waiting: TerminalSize | undefined;
  let cancel: (() => void) | undefined;

  function letThrough(size: TerminalSize): void {
    apply(size);
    cancel = clock.after(RESIZE_MS, () => {
      cancel = undefined;
      const next = waiting;
      waiting = undefined;
      if (next) letThrough(next);
    });
  }
  return {
    want(size) {
      if (cancel) waiting = size;
      else letThrough(size);
    },
    flush() {
      if (!waiting) return;
      cancel?.();
      const next = waiting;
      waiting = undefined;
      letThrough(next);
    },
    stop() {
      cancel?.();
      cancel = undefined;
      waiting = undefined;
    },
  };
}
