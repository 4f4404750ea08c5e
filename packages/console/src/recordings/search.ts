/** What the address of the list carries, and what is asked of the server for it. */
import type { SessionFilter } from '../api/sessions.js';
import { strings } from '../search.js';

export const SHOWN = ['all', 'open', 'over', 'failed', 'imported', 'held'] as const;
export const SORTS = ['-createdAt', 'createdAt', 'userName', 'hostName'] as const;
export type Shown = (typeof SHOWN)[number];
export type Sort = (typeof SORTS)[number];

/** `from` and `to` are days, `2026-11-22`, both included. */
export const listSearch = strings('q', 'state', 'sort', 'userId', 'hostId', 'from', 'to');
export type ListSearch = ReturnType<typeof listSearch>;

const oneOf = <T extends string>(all: readonly T[], value: string | undefined, otherwise: T): T =>
  all.find((one) => one === value) ?? otherwise;
export const shownOf = ({ state }: ListSearch): Shown => oneOf(SHOWN, state, 'all');
export const sortOf = ({ sort }: ListSearch): Sort => oneOf(SORTS, sort, '-createdAt');

export function filterOf(search: ListSearch): SessionFilter {
  const shown = shownOf(search);
  const { q, userId, hostId } = search;
  return {
    q,
    userId,
    hostId,
    sort: sortOf(search),
    from: dayStart(search.from, 0),
    to: dayStart(search.to, 1),
    ...(shown === 'imported' && { origin: 'imported' }),
    ...(shown === 'held' && { held: 'yes' }),
    ...((shown === 'open' || shown === 'over' || shown === 'failed') && { state: shown }),
  };
}

/** Midnight here, `later` days after; days differ in length. */
function dayStart(day: string | undefined, later: number): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(day ?? '');
  if (match === null) return undefined;
  const at = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + later).getTime();
  return Number.isNaN(at) || at < 0 ? undefined : at;
}

/** Without what is the default, so that one list has one address. */
export function tidy(search: ListSearch): ListSearch {
  const { state, sort, ...rest } = search;
  return listSearch({
    ...rest,
    ...(state !== 'all' && { state }),
    ...(sort !== '-createdAt' && { sort }),
  });
}
