import type { MeAnswer, StatusAnswer } from '@sallyport/core/wire/api-answers.js';
import { queryOptions } from '@tanstack/react-query';
import type { ApiProblem } from './client.js';
import { ask, get, keepCsrf } from './client.js';

export type Operation = MeAnswer['may'][number];

export const statusQuery = queryOptions<StatusAnswer, ApiProblem>({
  queryKey: ['status'],
  queryFn: ({ signal }) => get('status', { signal }),
  staleTime: 60_000,
});

export const meQuery = queryOptions<MeAnswer, ApiProblem>({
  queryKey: ['me'],
  queryFn: async ({ signal }) => keep(await get<MeAnswer>('me', { signal })),
  staleTime: 60_000,
});

function keep(me: MeAnswer): MeAnswer {
  keepCsrf(me.csrf);
  return me;
}

export const signIn = (body: { name: string; password: string; code?: string }) =>
  ask<unknown>('POST', 'sign-in', { body });
export const signOut = () => ask<void>('POST', 'sign-out');
export const setUp = (body: { token: string; name: string; password: string; displayName?: string }) =>
  ask<unknown>('POST', 'setup', { body });
