/** Hosts, accounts and users with open sessions are not removed: end the sessions first, each with its own reason. */
import { fail } from '@sallyport/core/model/problem.js';
import type { SessionStore } from '../../../../gateway/ports/session-store.js';

export const OPEN_STATES = ['opening', 'live', 'ending'] as const;
export const OVER_STATES = ['ended', 'failed'] as const;
/** More than a host's limit of sessions; the count in the sentence need not be exact beyond it. */
const COUNTED = 500;

export async function refuseInUse(
  sessions: SessionStore,
  by: { readonly userId?: string; readonly hostId?: string; readonly accountId?: string },
): Promise<ReturnType<typeof fail> | undefined> {
  const { accountId, ...query } = by;
  const { items } = await sessions.list({ ...query, states: OPEN_STATES, sort: '-createdAt', limit: COUNTED });
  const open = items.filter((session) => accountId === undefined || session.accountId === accountId);
  if (open.length === 0) return undefined;
  return fail('conflict.in-use', {
    detail: open
      .map((session) => session.id)
      .slice(0, 3)
      .join(', '),
  });
}
