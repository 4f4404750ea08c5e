export interface RelativeParts {
  readonly value: number;
  readonly unit: 'second' | 'minute' | 'hour' | 'day';
}

/** What to tell of a moment near now; undefined when the date says it better (24 h and more away). */
export function relativeParts(at: number, now: number): RelativeParts | undefined {
  const seconds = Math.round((at - now) / 1000);
  const size = Math.abs(seconds);
  if (size < 10) return { value: 0, unit: 'second' };
  if (size < 60) return { value: seconds, unit: 'second' };
  const minutes = Math.round(seconds / 60);
  if (Math.abs(minutes) < 60) return { value: minutes, unit: 'minute' };
  const hours = Math.round(seconds / 3600);
  return Math.abs(hours) < 24 ? { value: hours, unit: 'hour' } : undefined;
}
