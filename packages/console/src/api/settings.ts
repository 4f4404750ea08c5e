import type { Page, SettingAnswer } from '@sallyport/core/wire/api-answers.js';
import type { SigningKeysAnswer } from '@sallyport/core/wire/evidence-messages.js';
import { queryOptions } from '@tanstack/react-query';
import type { ApiProblem } from './client.js';
import { get } from './client.js';

export const settingsQuery = queryOptions<Page<SettingAnswer>, ApiProblem>({
  queryKey: ['settings'],
  queryFn: ({ signal }) => get('settings', { signal }),
});

export const signingKeysQuery = queryOptions<SigningKeysAnswer, ApiProblem>({
  queryKey: ['signing-keys'],
  queryFn: ({ signal }) => get('signing-keys', { signal }),
});
