/** A PageClock whose hands the test turns. */
import type { PageClock } from './page-clock.js';

export interface HandClock extends PageClock {
  pass(ms: number): void;
}

export function handClock(start = 0): HandClock {
  let now = start;
  let order = 0;
  const waiting = new Map<number, { readonly due: number; readonly run: () => void }>();
  return {
    now: () => now,
    after(ms, run) {
      const key = order++;
      waiting.set(key, { due: now + ms, run });
      return () => waiting.delete(key);
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const next = [...waiting]
          .filter(([, timer]) => timer.due <= end)
          .sort((a, b) => a[1].due - b[1].due || a[0] - b[0])[0];
        if (!next) break;
        waiting.delete(next[0]);
        now = Math.max(now, next[1].due);
        next[1].run();
      }
      now = end;
    },
  };
}
