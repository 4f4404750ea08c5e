/** A rule of retention as one types and reads it: `prod: env=prod 365d even-when-full`, `all: 30d`, `law: team=legal for-ever`. */
import type { RetentionAnswer } from '@sallyport/core/wire/retention-messages.js';
import { usage } from './failure.js';

export type TypedRule = RetentionAnswer['rules'][number];

const FOR_EVER = 'for-ever';
const EVEN_WHEN_FULL = 'even-when-full';

export function ruleText({ name, labels, days, evenWhenFull }: TypedRule): string {
  const fits = Object.entries(labels).map((pair) => pair.join('='));
  const kept = days === undefined ? FOR_EVER : `${days}d`;
  return `${name}: ${[...fits, kept, ...(evenWhenFull ? [EVEN_WHEN_FULL] : [])].join(' ')}`;
}

export function readRule(raw: string): TypedRule {
  const [, name = '', rest = ''] = /^([^:]+):(.*)$/.exec(raw) ?? [];
  const labels: Record<string, string> = {};
  let days: number | 'for ever' | undefined;
  let evenWhenFull = false;
  for (const word of rest.split(/\s+/).filter((one) => one !== '')) {
    const [, key, value] = /^([^=]+)=(.*)$/.exec(word) ?? [];
    if (key !== undefined && value !== undefined) labels[key] = value;
    else if (/^\d{1,5}d$/.test(word) && days === undefined) days = Number(word.slice(0, -1));
    else if (word === FOR_EVER && days === undefined) days = 'for ever';
    else if (word === EVEN_WHEN_FULL) evenWhenFull = true;
    else throw wrong(raw, `“${word}” is neither a label nor a time`);
  }
  if (name.trim() === '') throw wrong(raw, 'it has no name');
  if (days === undefined) throw wrong(raw, 'it says no time');
  return { name: name.trim(), labels, ...(days === 'for ever' ? {} : { days }), evenWhenFull };
}

const wrong = (raw: string, why: string): Error =>
  usage(`--rule “${raw}”: ${why}`, 'A rule looks like “prod: env=prod 365d even-when-full” or “all: 30d”.');

const UNITS: readonly (readonly [string, number])[] = [
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
];

export function sizeText(bytes: number): string {
  const [unit, of] = UNITS.find(([, size]) => bytes >= size) ?? ['B', 1];
  return `${Number((bytes / of).toPrecision(3))} ${unit}`;
}

export function readSize(raw: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([kMGT]B)$/.exec(raw) ?? [];
  const of = UNITS.find(([name]) => name === unit)?.[1];
  if (of === undefined) throw usage(`--max-size must be a size such as 500GB or 2TB, not “${raw}”`);
  return Math.round(Number(number) * of);
}
