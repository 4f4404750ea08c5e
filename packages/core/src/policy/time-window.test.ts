import { describe, expect, it } from 'vitest';
import { isTimeWindow, type TimeWindow, WEEKDAYS, type Weekday, windowState } from './time-window.js';
import { dateIn, endOfDay, isZone, wallTime } from './wall-clock.js';

const MINUTE_MS = 60_000;
const window = (zone: string, from: string, to: string, days: readonly Weekday[] = WEEKDAYS): TimeWindow => ({
  zone,
  days,
  from,
  to,
});
const at = (text: string): number => Date.parse(text);

const printers = new Map<string, Intl.DateTimeFormat>();
function printer(zone: string): Intl.DateTimeFormat {
  const known = printers.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  printers.set(zone, made);
  return made;
}

/** Membership read off a wall clock, by another way than the code's: what `Intl` prints. */
function shows(zone: string, now: number): { readonly day: Weekday; readonly before: Weekday; readonly time: string } {
  const shown = new Map(
    printer(zone)
      .formatToParts(now)
      .map(({ type, value }) => [type, value]),
  );
  const day = shown.get('weekday')!.toLowerCase() as Weekday;
  const before = WEEKDAYS[(WEEKDAYS.indexOf(day) + 6) % 7]!;
  return { day, before, time: `${shown.get('hour')}:${shown.get('minute')}` };
}
function openBy(rule: TimeWindow, { day, before, time }: ReturnType<typeof shows>): boolean {
  if (rule.from < rule.to) return rule.days.includes(day) && rule.from <= time && time < rule.to;
  return (rule.days.includes(day) && rule.from <= time) || (rule.days.includes(before) && time < rule.to);
}

/** Weekends on which clocks change, one hour mostly; half an hour on Lord Howe; at midnight in Santiago. */
const CHANGES: readonly (readonly [zone: string, day: string])[] = [
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Australia/Lord_Howe', '2026-04-05'],
  ['Australia/Lord_Howe', '2026-10-04'],
  ['America/Santiago', '2026-04-05'],
  ['America/Santiago', '2026-09-06'],
  ['Asia/Shanghai', '2026-03-29'],
  ['Pacific/Chatham', '2026-09-27'],
  ['America/Havana', '2026-11-01'],
  ['Africa/Casablanca', '2026-02-15'],
];

describe('a time window', () => {
  it('has its end excluded, and past midnight belongs to the day it began on', () => {
    const night = window('Asia/Shanghai', '22:00', '06:00', ['fri']);
    expect(windowState(night, at('2026-11-20T13:59:59.999Z')).open).toBe(false);
    expect(windowState(night, at('2026-11-20T14:00:00Z'))).toMatchObject({
      open: true,
      until: at('2026-11-20T22:00:00Z'),
    });
    expect(windowState(night, at('2026-11-20T21:59:59.999Z')).open).toBe(true);
    expect(windowState(night, at('2026-11-20T22:00:00Z')).open).toBe(false);
    expect(windowState(night, at('2026-11-21T14:00:00Z')).open).toBe(false);
  });

  it.each(CHANGES)(
    'W35: agrees with the wall clock, minute by minute, in %s around %s, and no edge is late',
    (zone, day) => {
      const start = at(`${day}T00:00:00Z`) - 36 * 3_600_000;
      const rules = [
        window(zone, '08:00', '20:00', ['mon', 'tue', 'wed', 'thu', 'fri', 'sun']),
        window(zone, '22:00', '06:00', ['sat', 'sun']),
        window(zone, '01:30', '02:30'),
        window(zone, '23:30', '00:30'),
        window(zone, '00:00', '24:00', ['sun']),
      ];
      for (let minute = 0; minute < 72 * 60; minute++) {
        const now = start + minute * MINUTE_MS;
        const shown = shows(zone, now);
        for (const rule of rules) {
          const { open, until } = windowState(rule, now);
          if (open === openBy(rule, shown) && until > now) continue;
          expect.fail(`${rule.from}-${rule.to} at ${new Date(now).toISOString()}`);
        }
      }
    },
  );

  it('says the same at every instant of the span it names, whoever asks first', () => {
    for (const [zone, day] of CHANGES) {
      const rule = window(zone, '01:45', '03:15');
      const start = at(`${day}T00:00:00Z`) - 20 * 3_600_000;
      for (let hour = 0; hour < 40; hour++) {
        const state = windowState({ ...rule }, start + hour * 3_600_000);
        for (const now of [state.from, state.until - 1]) expect(windowState({ ...rule }, now).open).toBe(state.open);
      }
    }
  });

  it('a window that is always open has an edge some time, and an unreadable one is refused', () => {
    const always = window('UTC', '00:00', '24:00');
    expect(windowState(always, 0).until).toBeGreaterThan(7 * 86_400_000);
    expect(isTimeWindow(always)).toBe(true);
    for (const wrong of [
      { ...always, zone: 'Mars/Olympus' },
      { ...always, zone: '+02:00' },
      { ...always, from: '24:00' },
      { ...always, from: '8:00' },
      { ...always, to: '00:00' },
      { ...always, to: '24:01' },
      { ...always, days: [] },
    ]) {
      expect(isTimeWindow(wrong)).toBe(false);
    }
  });
});

describe('a calendar day', () => {
  it.each(CHANGES)('S62, W35: in %s around %s ends at the first instant of the next date', (zone, day) => {
    const start = at(`${day}T00:00:00Z`) - 30 * 3_600_000;
    for (let hour = 0; hour < 60; hour++) {
      const now = start + hour * 3_600_000 + 1;
      const end = endOfDay(zone, now);
      expect(dateIn(zone, end - 1)).toBe(dateIn(zone, now));
      expect(dateIn(zone, end)).not.toBe(dateIn(zone, now));
    }
  });

  it('W35: has 23 or 25 hours when clocks change, and may begin at one o’clock', () => {
    const length = (zone: string, noon: string): number => {
      const end = endOfDay(zone, at(noon));
      return (endOfDay(zone, end) - end) / 3_600_000;
    };
    expect(length('Europe/Berlin', '2026-03-28T12:00:00Z')).toBe(23);
    expect(length('Europe/Berlin', '2026-10-24T12:00:00Z')).toBe(25);
    expect(length('Australia/Lord_Howe', '2026-04-04T01:00:00Z')).toBe(24.5);
    const santiago = endOfDay('America/Santiago', at('2026-09-05T16:00:00Z'));
    expect(new Date(wallTime('America/Santiago', santiago)).toISOString()).toBe('2026-09-06T01:00:00.000Z');
  });

  it('knows zones by name only', () => {
    expect(isZone('Asia/Shanghai')).toBe(true);
    expect(isZone('UTC')).toBe(true);
    for (const wrong of ['', 'Nowhere/City', '+08:00', ' UTC']) expect(isZone(wrong)).toBe(false);
  });
});
