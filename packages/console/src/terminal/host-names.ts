import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery } from '@tanstack/react-query';
import { hostsQuery } from '../api/hosts.js';
import { envOf } from '../ui/words.js';
import type { ShellTarget } from './remote-shell.js';
import type { ShellView } from './shell-state.js';

export interface TargetName {
  readonly host: string;
  readonly login: string;
  /** `prod` and `staging` tint the tab's edge. */
  readonly env: string | undefined;
}

export type NameOf = (target: ShellTarget, view?: ShellView) => TargetName;

/** Names for ids: from the host list, or from what the gateway said when the session opened. */
export function useNames(): { readonly nameOf: NameOf; readonly hosts: readonly HostAnswer[] | undefined } {
  const { data: hosts } = useQuery(hostsQuery);
  const nameOf: NameOf = (target, view) => {
    const host = hosts?.find((one) => one.id === target.hostId);
    const account = host?.accounts.find((one) => one.id === target.accountId);
    return {
      host: host?.name ?? view?.opened?.hostName ?? target.hostId.slice(0, 6),
      login: account?.login ?? view?.opened?.login ?? '',
      env: host && envOf(host.labels),
    };
  };
  return { nameOf, hosts };
}
