/**
 * TimeWindow: hours of the week on the wall clocks of a zone. A window past midnight belongs to the day it began on.
 * Each window remembers the span in which its state is constant, so a decision pays a comparison and never `Intl`.
 *
 * An edge that is found too early costs one decision more; one found too late is a bug. So the edge is the nearest boundary
 * at the present offset, unless the offset changes on the way: then it is that change.
 */
import type { Instant } from './instant.js';
import { DAY_MS, firstChange, isZone, MINUTE_MS, offsetAt } from './wall-clock.js';

export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export interface TimeWindow {
  readonly zone: string;
  readonly days: readonly Weekday[];
  /** `HH:MM` on the wall clock. */
  readonly from: string;
  /** Exclusive; `24:00` is the end of the day. Before `from`: on the day after. */
  readonly to: string;
}

/** Constant in [from, until). */
export interface WindowState {
  readonly open: boolean;
  readonly from: Instant;
  readonly until: Instant;
}

const states = new WeakMap<TimeWindow, WindowState>();
/** Two weeks of boundaries: then nothing ever changes, and looking again is cheap. */
const MOST_BOUNDARIES = 45;

export function windowState(window: TimeWindow, now: Instant): WindowState {
  const known = states.get(window);
  if (known !== undefined && known.from <= now && now < known.until) return known;
  const open = isOpen(window, now, offsetAt(window.zone, now));
  let until = nextBoundary(window, now);
  for (let seen = 1; seen < MOST_BOUNDARIES; seen++) {
    if (isOpen(window, until, offsetAt(window.zone, until)) !== open) break;
    until = nextBoundary(window, until);
  }
  const state = { open, from: now, until };
  states.set(window, state);
  return state;
}

function isOpen(window: TimeWindow, at: Instant, offset: number): boolean {
  const wall = at + offset;
  const day = Math.floor(wall / DAY_MS);
  const time = wall - day * DAY_MS;
  const [from, to] = [timeOfDay(window.from), timeOfDay(window.to)];
  if (from < to) return onDay(window, day) && from <= time && time < to;
  return (onDay(window, day) && from <= time) || (onDay(window, day - 1) && time < to);
}

/** The first instant after `at` at which the window may change. */
function nextBoundary(window: TimeWindow, at: Instant): Instant {
  const offset = offsetAt(window.zone, at);
  const wall = at + offset;
  const midnight = Math.floor(wall / DAY_MS) * DAY_MS;
  const times = [timeOfDay(window.from), timeOfDay(window.to), DAY_MS].map((time) => midnight + time);
  const edge = Math.min(...times.filter((time) => time > wall)) - offset;
  const differs = (moment: Instant): boolean => offsetAt(window.zone, moment) !== offset;
  const half = at + Math.floor((edge - at) / 2);
  if (half > at && differs(half)) return firstChange(at, half, differs);
  return differs(edge) ? firstChange(half, edge, differs) : edge;
}

const onDay = (window: TimeWindow, day: number): boolean => {
  const weekday = WEEKDAYS[(((day + 4) % 7) + 7) % 7]; // 1970 began on a Thursday
  return weekday !== undefined && window.days.includes(weekday);
};

const TIME = /^(?:([01]\d|2[0-3]):([0-5]\d)|24:00)$/;
function timeOfDay(text: string): number {
  return (Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))) * MINUTE_MS;
}

export function isTimeWindow(window: TimeWindow): boolean {
  const times = TIME.test(window.from) && window.from !== '24:00' && TIME.test(window.to) && window.to !== window.from;
  return isZone(window.zone) && window.days.length > 0 && window.days.every((day) => WEEKDAYS.includes(day)) && times;
}
