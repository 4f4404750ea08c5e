import type { AuditAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { hostsQuery } from '../api/hosts.js';
import { meQuery } from '../api/me.js';
import { usersQuery } from '../api/users.js';

/** `host:ID` to the name people know. What was deleted since has none. */
export type TargetNames = ReadonlyMap<string, string>;

export function useTargetNames(entries: readonly AuditAnswer[]): TargetNames {
  const { data: me } = useSuspenseQuery(meQuery);
  const hosts = useQuery({ ...hostsQuery, enabled: me.may.includes('inventory.read') });
  const users = useQuery({ ...usersQuery, enabled: me.may.includes('user.read') });
  const names = new Map<string, string>();
  for (const { id, name } of users.data ?? []) names.set(`user:${id}`, name);
  for (const { id, name, accounts } of hosts.data ?? []) {
    names.set(`host:${id}`, name);
    for (const account of accounts) names.set(`account:${account.id}`, `${account.login} @ ${name}`);
  }
  // A session is told by its host, which its own entries name.
  for (const { target = '', detail } of entries) {
    if (typeof detail?.host !== 'string' || !target.startsWith('session:')) continue;
    names.set(target, detail.host);
    names.set(target.replace('session:', 'recording:'), detail.host);
  }
  return names;
}
