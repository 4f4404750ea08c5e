/** What the address of the live page carries. */
import { strings } from '../search.js';

export const SORTS = ['newest', 'busiest'] as const;
export const VIEWS = ['wall', 'table'] as const;
export type LiveSort = (typeof SORTS)[number];
export type LiveView = (typeof VIEWS)[number];

export const liveSearch = strings('q', 'label', 'sort', 'view');
export type LiveSearch = ReturnType<typeof liveSearch>;

export const sortOf = ({ sort }: LiveSearch): LiveSort => (sort === 'busiest' ? 'busiest' : 'newest');
export const viewOf = ({ view }: LiveSearch): LiveView => (view === 'table' ? 'table' : 'wall');

/** Without what is the default, so that one list has one address. */
export function tidy({ sort, view, ...rest }: LiveSearch): LiveSearch {
  return liveSearch({
    ...rest,
    ...(sort !== 'newest' && { sort }),
    ...(view !== 'wall' && { view }),
  });
}
