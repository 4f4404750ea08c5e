/**
 * Keeps this node's rows leased and ends rows nobody owns any more (W8, F1). A failed heartbeat is logged and tried
 * again: a database that is away for a moment ends no session; the lease is what a stranger judges by.
 */
import type { GatewayDeps } from './gateway-deps.js';
import type { LateWork } from './late-work.js';
import { LEASE_MS } from './open-session.js';
import type { SessionRegistry } from './session-registry.js';

export interface LeaseKeeper {
  stop(): void;
}

export async function reapLost(
  deps: GatewayDeps,
  late: LateWork,
  ownNode: string,
  now = deps.clock.now(),
): Promise<number> {
  const lost = await deps.sessions.reap(now, ownNode);
  // Together: they share a write; after a crash of a full node one by one would take seconds.
  const told = lost.map((row) =>
    late.run('the audit of an interrupted session', row.id, async (since) => {
      await deps.audit.append({
        action: 'session.interrupted',
        result: 'failed',
        actor: row.userName,
        actorId: row.userId,
        source: row.sourceAddress,
        target: `session:${row.id}`,
        detail: { host: row.hostName, login: row.login, ...(since === undefined ? {} : { since }) },
      });
    }),
  );
  await Promise.all(told);
  return lost.length;
}

export function keepLeases(deps: GatewayDeps, late: LateWork, registry: SessionRegistry): LeaseKeeper {
  let stopped = false;
  let cancel: () => void = () => {};

  async function beat(): Promise<void> {
    const bytes = new Map<string, number>();
    for (const id of registry.ids()) bytes.set(id, registry.get(id)?.outputBytes ?? 0);
    // One moment for all of it: a database that answers after the lease would else end the rows it has just renewed (F26).
    const now = deps.clock.now();
    try {
      if (bytes.size > 0) await deps.sessions.renew(deps.nodeId, now + LEASE_MS, bytes);
      await late.retry();
      await reapLost(deps, late, '', now);
    } catch (error) {
      deps.log.error({ err: error }, 'the lease heartbeat failed');
    }
    if (!stopped) cancel = deps.clock.after(LEASE_MS / 3, () => void beat());
  }
  cancel = deps.clock.after(LEASE_MS / 3, () => void beat());
  return {
    stop() {
      stopped = true;
      cancel();
    },
  };
}
