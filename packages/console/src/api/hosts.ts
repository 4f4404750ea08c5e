import type {
  AccountAnswer,
  HostAnswer,
  HostKeyAnswer,
  HostTestAnswer,
  Page,
} from '@sallyport/core/wire/api-answers.js';
import { queryOptions } from '@tanstack/react-query';
import type { ApiProblem } from './client.js';
import { ask, get } from './client.js';
import { everyPage } from './every-page.js';

export interface NewHost {
  name: string;
  address: string;
  port: number;
  labels: Record<string, string>;
  legacyAlgorithms?: boolean;
  onRecordingFailure?: 'end' | 'allow-alert';
  watcherRequired?: boolean;
}
export type AccountSecretBody =
  | { kind: 'password'; password: string }
  | { kind: 'key'; privateKey: string; passphrase?: string };

export const hostsQuery = queryOptions<readonly HostAnswer[], ApiProblem>({
  queryKey: ['hosts'],
  queryFn: ({ signal }) => everyPage((cursor) => get<Page<HostAnswer>>('hosts', { signal, query: { cursor } })),
});
export const hostQuery = (id: string) =>
  queryOptions<HostAnswer, ApiProblem>({
    queryKey: ['hosts', id],
    queryFn: ({ signal }) => get(`hosts/${id}`, { signal }),
  });

export const createHost = (body: NewHost) => ask<HostAnswer>('POST', 'hosts', { body });
export const updateHost = (id: string, body: Partial<NewHost>) => ask<HostAnswer>('PATCH', `hosts/${id}`, { body });
export const deleteHost = (id: string) => ask<void>('DELETE', `hosts/${id}`);
export const testHost = (id: string, accountId?: string) =>
  ask<HostTestAnswer>('POST', `hosts/${id}/test`, { body: accountId === undefined ? {} : { accountId } });
export const createAccount = (hostId: string, body: { login: string; secret: AccountSecretBody }) =>
  ask<AccountAnswer>('POST', `hosts/${hostId}/accounts`, { body });
export const updateAccount = (id: string, body: { login?: string; secret?: AccountSecretBody }) =>
  ask<AccountAnswer>('PATCH', `accounts/${id}`, { body });
export const deleteAccount = (id: string) => ask<void>('DELETE', `accounts/${id}`);
export const approveHostKey = (id: string) => ask<HostKeyAnswer>('POST', `host-keys/${id}/approve`);
export const rejectHostKey = (id: string) => ask<HostKeyAnswer>('POST', `host-keys/${id}/reject`);
