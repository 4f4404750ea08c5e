/**
 * Is somebody at this page? Any key, pointer or scroll counts; after five minutes without one the page stops asking the
 * server by itself, so that the sign-in may end.
 */
const AWAY_MS = 5 * 60_000;
const EVENTS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

let lastSeen = Date.now();

export const somebodyIsThere = (): boolean => Date.now() - lastSeen < AWAY_MS;

/** `onReturn` is told when somebody comes back after having been away. */
export function watchPresence(onReturn: () => void): void {
  const seen = () => {
    const back = !somebodyIsThere();
    lastSeen = Date.now();
    if (back) onReturn();
  };
  for (const event of EVENTS) addEventListener(event, seen, { passive: true, capture: true });
}
