import type { Page, UserAnswer } from '@sallyport/core/wire/api-answers.js';
import { queryOptions } from '@tanstack/react-query';
import type { ApiProblem } from './client.js';
import { ask, get } from './client.js';
import { everyPage } from './every-page.js';

export type Role = UserAnswer['role'];

export const usersQuery = queryOptions<readonly UserAnswer[], ApiProblem>({
  queryKey: ['users'],
  queryFn: ({ signal }) => everyPage((cursor) => get<Page<UserAnswer>>('users', { signal, query: { cursor } })),
});

export const createUser = (body: { name: string; displayName: string; role: Role; password: string }) =>
  ask<UserAnswer>('POST', 'users', { body });
export const updateUser = (id: string, body: { displayName?: string; role?: Role; active?: boolean }) =>
  ask<UserAnswer>('PATCH', `users/${id}`, { body });
export const deleteUser = (id: string) => ask<void>('DELETE', `users/${id}`);
export const resetPassword = (id: string, password: string) =>
  ask<void>('POST', `users/${id}/password`, { body: { password } });
export const resetTotp = (id: string) => ask<void>('DELETE', `users/${id}/totp`);
