/** The policy as its form holds it: texts, and what is wrong with each. */

import type { Policy } from '../api/retention.js';
import { readLabels, writeLabels } from '../inventory/host-line.js';

export interface TypedRule {
  /** For React; rules have no other identity while their names are typed. */
  readonly key: number;
  readonly name: string;
  readonly labels: string;
  readonly days: string;
  readonly evenWhenFull: boolean;
}
export interface TypedPolicy {
  readonly rules: readonly TypedRule[];
  readonly goal: string;
}

const GB = 1e9;
const DAYS_MAX = 36_500;

export function typedPolicy({ rules, maxBytes }: Policy): TypedPolicy {
  return {
    rules: rules.map(({ name, labels, days, evenWhenFull }, key) => ({
      key,
      name,
      labels: writeLabels(labels),
      days: days === undefined ? '' : String(days),
      evenWhenFull,
    })),
    goal: maxBytes === undefined ? '' : String(maxBytes / GB),
  };
}

export const labelsOf = (rule: TypedRule): Record<string, string> | undefined =>
  rule.labels.trim() === '' ? {} : readLabels(rule.labels);
export const daysFit = ({ days }: TypedRule): boolean =>
  days.trim() === '' || (/^\d{1,5}$/.test(days.trim()) && Number(days) <= DAYS_MAX);
export const goalFits = (goal: string): boolean =>
  goal.trim() === '' || (/^\d+(\.\d+)?$/.test(goal.trim()) && Number(goal) * GB >= 1);

/** undefined: something in it cannot be read; the field says which. */
export function readPolicy({ rules, goal }: TypedPolicy): Policy | undefined {
  if (!goalFits(goal) || !rules.every((rule) => daysFit(rule) && labelsOf(rule) !== undefined)) return undefined;
  return {
    rules: rules.map((rule) => ({
      name: rule.name.trim(),
      labels: labelsOf(rule) ?? {},
      ...(rule.days.trim() === '' ? {} : { days: Number(rule.days) }),
      evenWhenFull: rule.evenWhenFull,
    })),
    ...(goal.trim() === '' ? {} : { maxBytes: Math.round(Number(goal) * GB) }),
  };
}
