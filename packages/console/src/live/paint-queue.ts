/**
 * Many pictures come at once; painting them all in one frame would make the page stumble. Each frame paints for a few
 * milliseconds and leaves the rest to the next.
 */
const BUDGET_MS = 4;

export interface PaintQueue {
  /** Paints when there is time; asked again meanwhile, once. The answer takes it back. */
  add(paint: () => void): () => void;
}

export function createPaintQueue(clock: {
  now(): number;
  /** Before the next frame. */
  frame(run: () => void): void;
}): PaintQueue {
  const waiting = new Set<() => void>();
  let asked = false;
  const ask = (): void => {
    if (asked || waiting.size === 0) return;
    asked = true;
    clock.frame(work);
  };
  function work(): void {
    asked = false;
    const end = clock.now() + BUDGET_MS;
    for (const paint of waiting) {
      waiting.delete(paint);
      paint();
      if (clock.now() >= end) break;
    }
    ask();
  }
  return {
    add(paint) {
      waiting.add(paint);
      ask();
      return () => waiting.delete(paint);
    },
  };
}

export const paintQueue = createPaintQueue({
  now: () => performance.now(),
  frame: (run) => requestAnimationFrame(run),
});
