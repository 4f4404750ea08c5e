import { QueryClient } from '@tanstack/react-query';
import type { ApiProblem } from './client.js';

declare module '@tanstack/react-query' {
  interface Register {
    defaultError: ApiProblem;
  }
}

/** A refusal is an answer and is not asked again; a lost connection is, twice. */
export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, problem) => failures < 2 && (problem.status === 0 || problem.status >= 502),
      },
      mutations: { retry: false },
    },
  });
