import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { type HostMatch, matchHost } from './host-match.js';

/** The list as it is shown: pinned, recent, all; a host stands in the first group it belongs to. */
export interface HostRow {
  readonly host: HostAnswer;
  readonly match: HostMatch;
}
export interface HostGroup {
  readonly name: 'pinned' | 'recent' | 'all';
  readonly rows: readonly HostRow[];
}

const RECENT = 5;

export function groupHosts(
  hosts: readonly HostAnswer[],
  pins: ReadonlySet<string>,
  query: string,
): readonly HostGroup[] {
  const used = (host: HostAnswer) => host.lastUsedAt ?? 0;
  const recent = new Set(
    hosts
      .filter((host) => used(host) > 0 && !pins.has(host.id))
      .sort((a, b) => used(b) - used(a))
      .slice(0, RECENT)
      .map(({ id }) => id),
  );
  const rows = hosts.flatMap((host): HostRow[] => {
    const match = matchHost(host, query);
    return match === undefined ? [] : [{ host, match }];
  });
  const byName = (a: HostRow, b: HostRow) => a.host.name.localeCompare(b.host.name, ['zh-CN', 'en'], { numeric: true });
  const byScore = (a: HostRow, b: HostRow) => b.match.score - a.match.score;
  const groups: HostGroup[] = [
    {
      name: 'pinned',
      rows: rows.filter(({ host }) => pins.has(host.id)).sort((a, b) => byScore(a, b) || byName(a, b)),
    },
    {
      name: 'recent',
      rows: rows.filter(({ host }) => recent.has(host.id)).sort((a, b) => byScore(a, b) || used(b.host) - used(a.host)),
    },
    {
      name: 'all',
      rows: rows
        .filter(({ host }) => !pins.has(host.id) && !recent.has(host.id))
        .sort((a, b) => byScore(a, b) || byName(a, b)),
    },
  ];
  return groups.filter((group) => group.rows.length > 0);
}
