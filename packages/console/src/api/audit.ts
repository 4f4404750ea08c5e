import type { AuditAnswer, AuditVerifyAnswer, Page } from '@sallyport/core/wire/api-answers.js';
import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ApiProblem } from './client.js';
import { get } from './client.js';

export interface AuditFilter {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly target?: string | undefined;
}

export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions<Page<AuditAnswer>, ApiProblem, { pages: Page<AuditAnswer>[] }, readonly unknown[], string>({
    queryKey: ['audit', filter],
    queryFn: ({ signal, pageParam }) => get('audit', { signal, query: { ...filter, cursor: pageParam } }),
    initialPageParam: '',
    getNextPageParam: (last) => last.next,
    placeholderData: (previous) => previous,
  });

export const auditVerifyQuery = queryOptions<AuditVerifyAnswer, ApiProblem>({
  queryKey: ['audit-verify'],
  queryFn: ({ signal }) => get('audit/verify', { signal }),
  staleTime: 60_000,
});
