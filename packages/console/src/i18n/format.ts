import { lengthText } from '@sallyport/core/model/session-length.js';
import type { Language } from './language.js';
import { relativeParts } from './relative-time.js';

export interface Format {
  number(value: number): string;
  /** `22 Nov 14:01`, with the year when it is not this one. */
  dateTime(at: number): string;
  /** `22 Nov 14:01:33`, for lists where order matters. */
  dateTimeSeconds(at: number): string;
  /** With seconds and zone, for tooltips and audit rows. */
  dateTimeFull(at: number): string;
  time(at: number): string;
  /** `2 min ago` under 24 h, then the date. */
  ago(at: number, now: number): string;
  /** `32:10`, `1:42:33`. */
  clock(ms: number): string;
  bytes(size: number): string;
  list(items: readonly string[]): string;
}

export function makeFormat(language: Language): Format {
  const locale = language === 'en-XA' ? 'en' : language === 'en' ? englishLocale() : language;
  const number = new Intl.NumberFormat(locale);
  const near: Intl.DateTimeFormatOptions = {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  };
  const dateTime = new Intl.DateTimeFormat(locale, near);
  const dateTimeYear = new Intl.DateTimeFormat(locale, { ...near, year: 'numeric' });
  const seconds = new Intl.DateTimeFormat(locale, { ...near, second: '2-digit' });
  const secondsYear = new Intl.DateTimeFormat(locale, { ...near, year: 'numeric', second: '2-digit' });
  const full = new Intl.DateTimeFormat(locale, { ...near, year: 'numeric', second: '2-digit', timeZoneName: 'short' });
  const time = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' });
  const dayYear = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' });
  const list = new Intl.ListFormat(locale, { type: 'conjunction' });
  const thisYear = (at: number) => new Date(at).getFullYear() === new Date().getFullYear();

  return {
    number: (value) => number.format(value),
    dateTime: (at) => (thisYear(at) ? dateTime : dateTimeYear).format(at).replace(', ', ' '),
    dateTimeSeconds: (at) => (thisYear(at) ? seconds : secondsYear).format(at).replace(', ', ' '),
    dateTimeFull: (at) => full.format(at),
    time: (at) => time.format(at),
    ago(at, now) {
      const parts = relativeParts(at, now);
      return parts === undefined ? (thisYear(at) ? day : dayYear).format(at) : relative.format(parts.value, parts.unit);
    },
    clock: lengthText,
    bytes: (size) => bytes(size, locale),
    list: (items) => list.format(items),
  };
}

/** The reader's own kind of English when there is one (day before month), else British. */
function englishLocale(): string {
  return navigator.languages.find((one) => /^en-/i.test(one)) ?? 'en-GB';
}

function bytes(size: number, locale: string): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  const format = new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumFractionDigits: digits,
  });
  return format.format(value);
}
