import type {
  NewTokenAnswer,
  Page,
  RecoveryCodesAnswer,
  TokenAnswer,
  TotpAnswer,
  UserAnswer,
} from '@sallyport/core/wire/api-answers.js';
import { queryOptions } from '@tanstack/react-query';
import type { ApiProblem } from './client.js';
import { ask, get } from './client.js';

export const tokensQuery = queryOptions<Page<TokenAnswer>, ApiProblem>({
  queryKey: ['tokens'],
  queryFn: ({ signal }) => get('me/tokens', { signal }),
});

export const updateMe = (body: { language?: 'zh-CN' | 'en'; displayName?: string }) =>
  ask<UserAnswer>('PATCH', 'me', { body });
export const changePassword = (current: string, next: string) =>
  ask<void>('POST', 'me/password', { body: { current, next } });
export const startTotp = () => ask<TotpAnswer>('POST', 'me/totp');
export const confirmTotp = (code: string) => ask<RecoveryCodesAnswer>('POST', 'me/totp/confirm', { body: { code } });
export const removeTotp = (password: string) => ask<void>('DELETE', 'me/totp', { body: { password } });
export const createToken = (name: string, days: number) =>
  ask<NewTokenAnswer>('POST', 'me/tokens', { body: { name, days } });
export const deleteToken = (id: string) => ask<void>('DELETE', `me/tokens/${id}`);
