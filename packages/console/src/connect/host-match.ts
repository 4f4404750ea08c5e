import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { fuzzyMatch, type Match } from './fuzzy.js';

/**
 * Finds hosts by name, pinyin, address, label or account: every word of the query must match somewhere. A hit in the
 * name counts most, so `web` puts web-01 above a host whose team is web.
 */
export interface HostMatch {
  readonly score: number;
  /** Ranges of the name to mark. */
  readonly marks: Match['ranges'];
}

const OTHER_FIELDS_WEIGHT = 0.5;

export function matchHost(host: HostAnswer, query: string): HostMatch | undefined {
  let score = 0;
  const marks: [number, number][] = [];
  for (const word of query.trim().split(/\s+/).filter(Boolean)) {
    const inName = fuzzyMatch(host.name, word);
    const elsewhere =
      Math.max(0, ...others(host).map((field) => fuzzyMatch(field, word)?.score ?? 0)) * OTHER_FIELDS_WEIGHT;
    if (inName === undefined && elsewhere === 0) return undefined;
    if (inName !== undefined) marks.push(...inName.ranges);
    score += Math.max(inName?.score ?? 0, elsewhere);
  }
  return { score, marks: marks.sort(([a], [b]) => a - b) };
}

const others = (host: HostAnswer): readonly string[] => [
  ...(host.pinyin?.split(/\s+/) ?? []),
  `${host.address}:${host.port}`,
  ...Object.entries(host.labels).map(([key, value]) => `${key}=${value}`),
  ...host.accounts.map(({ login }) => login),
];

export const hostMatcher =
  (query: string) =>
  (host: HostAnswer): boolean =>
    matchHost(host, query) !== undefined;

const MAX_COLUMNS = 2;
/** The label keys most hosts carry, `env` first: they become columns. */
export function labelColumns(hosts: readonly HostAnswer[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const key of hosts.flatMap(({ labels }) => Object.keys(labels))) counts.set(key, (counts.get(key) ?? 0) + 1);
  const rank = (key: string) => (key === 'env' ? Number.POSITIVE_INFINITY : (counts.get(key) ?? 0));
  return [...counts.keys()].sort((a, b) => rank(b) - rank(a) || a.localeCompare(b)).slice(0, MAX_COLUMNS);
}
