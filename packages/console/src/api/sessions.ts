import type { Page, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ApiProblem } from './client.js';
import { get } from './client.js';
import { everyPage } from './every-page.js';
import { somebodyIsThere } from './presence.js';

export interface SessionFilter {
  readonly state?: SessionAnswer['state'] | 'over' | 'open' | undefined;
  readonly q?: string | undefined;
  readonly userId?: string | undefined;
  readonly hostId?: string | undefined;
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly origin?: 'imported' | 'here' | undefined;
  readonly held?: 'yes' | undefined;
  readonly sort?: string | undefined;
  readonly limit?: number | undefined;
}

/**
 * A list left alone still shows what ended meanwhile (S25). Only while somebody is there: asking for ever would keep an
 * abandoned sign-in alive past its 15 minutes (S59).
 */
const REFETCH_MS = 3_000;

export const sessionsQuery = (filter: SessionFilter) =>
  infiniteQueryOptions<Page<SessionAnswer>, ApiProblem, { pages: Page<SessionAnswer>[] }, readonly unknown[], string>({
    queryKey: ['sessions', filter],
    queryFn: ({ signal, pageParam }) => get('sessions', { signal, query: { ...filter, cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    refetchInterval: () => (somebodyIsThere() ? REFETCH_MS : false),
    placeholderData: (previous) => previous,
  });

const LIVE_REFETCH_MS = 2_000;
/** All that run now, for the live page: read whole, because it is filtered and counted there. */
export const openSessionsQuery = queryOptions<readonly SessionAnswer[], ApiProblem>({
  queryKey: ['sessions', 'open'],
  queryFn: ({ signal }) =>
    everyPage((cursor) =>
      get<Page<SessionAnswer>>('sessions', {
        signal,
        query: { state: 'open', sort: '-createdAt', limit: 500, cursor },
      }),
    ),
  refetchInterval: () => (somebodyIsThere() ? LIVE_REFETCH_MS : false),
});

export const sessionQuery = (id: string) =>
  queryOptions<SessionAnswer, ApiProblem>({
    queryKey: ['session', id],
    queryFn: ({ signal }) => get(`sessions/${id}`, { signal }),
  });

/**
 * Is there something to play? Not when nothing was recorded, nor when the session failed before its first byte; a live
 * one plays up to now.
 */
export const playable = ({ state, recording, outputBytes }: SessionAnswer): boolean =>
  recording !== undefined && recording.state !== 'missing' && !(state === 'failed' && outputBytes === 0);
