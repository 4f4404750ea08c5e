/** How a person likes to watch recordings: as last chosen, kept in this browser. X22: at first three times, idle skipped. */

export const SPEEDS: readonly number[] = [0.25, 0.5, 1, 1.5, 2, 3, 4, 8, 16];

export interface Pace {
  readonly speed: number;
  readonly skipIdle: boolean;
}
export const FIRST_PACE: Pace = { speed: 3, skipIdle: true };
const KEY = 'sallyport.replay';

export function keptPace(): Pace {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof Pace, unknown>>;
    return {
      speed: SPEEDS.find((speed) => speed === kept.speed) ?? FIRST_PACE.speed,
      skipIdle: typeof kept.skipIdle === 'boolean' ? kept.skipIdle : FIRST_PACE.skipIdle,
    };
  } catch {
    return FIRST_PACE;
  }
}

export function keepPace({ speed, skipIdle }: Pace): void {
  try {
    localStorage.setItem(KEY, JSON.stringify({ speed, skipIdle }));
  } catch {
    // storage is forbidden: the choice lasts as long as the page
  }
}
