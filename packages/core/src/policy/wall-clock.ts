/**
 * Wall clock: what clocks in a zone show at an instant. The zone's rules are those of the runtime (`Intl`), which is slow,
 * so whatever is asked often keeps the span in which its answer is constant.
 */
import type { Instant } from './instant.js';

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

const formats = new Map<string, Intl.DateTimeFormat>(); // one per zone of the tz database: bounded by `isZone`

/** Named zones only: fixed offsets are no zones, as nobody can say when they change. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  });
  formats.set(zone, format);
  return format;
}

/** Local time as if it were UTC: milliseconds whose UTC reading is what the wall clock shows. */
export function wallTime(zone: string, at: Instant): number {
  const shown = new Map(
    formatOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const field = (name: Intl.DateTimeFormatPartTypes): number => Number(shown.get(name));
  const time = Date.UTC(
    field('year'),
    field('month') - 1,
    field('day'),
    field('hour'),
    field('minute'),
    field('second'),
  );
  return time + (((at % 1_000) + 1_000) % 1_000);
}

export const offsetAt = (zone: string, at: Instant): number => wallTime(zone, at) - at;

/** The calendar date, such as `2026-11-22`. */
export const dateIn = (zone: string, at: Instant): string => new Date(wallTime(zone, at)).toISOString().slice(0, 10);

/**
 * The first instant of the next date. A day has 23, 24 or 25 hours and midnight may not exist, so it is found by bisecting
 * on the date, not by adding hours (S62, W35).
 */
export function endOfDay(zone: string, at: Instant): Instant {
  const today = dateIn(zone, at);
  return firstChange(at, at + 30 * 3_600_000, (moment) => dateIn(zone, moment) !== today);
}

/** The smallest instant in (low, high] for which `changed`; it must be false at `low`, true at `high`, and flip once. */
export function firstChange(low: Instant, high: Instant, changed: (at: Instant) => boolean): Instant {
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = before + Math.floor((after - before) / 2);
    if (changed(middle)) after = middle;
    else before = middle;
  }
  return after;
}
