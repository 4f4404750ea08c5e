/** Makes the gateway from its ports: the trunk's entry functions as one value for the ingresses. */
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { EndReason, TerminalSize } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import { createAccessGuard } from './access-guard.js';
import { holdSession } from './control/hold-session.js';
import { createLiveGuard } from './control/live-guard.js';
import type { Gateway } from './gateway.js';
import type { GatewayDeps } from './gateway-deps.js';
import { testHost } from './host-test.js';
import { createLateWork } from './late-work.js';
import { keepLeases, reapLost } from './lease-keeper.js';
import type { LiveSession } from './live-session.js';
import { openSession } from './open-session.js';
import type { ClientEnd } from './ports/client-end.js';
import { createSessionControl } from './session-control.js';
import { createHistoryReader, type HistoryReader, NO_HISTORY } from './session-history.js';
import { createSessionRegistry } from './session-registry.js';
import { createTicketBook } from './ticket-book.js';
import { createLiveWall } from './watch/live-wall.js';
import { createWatchDesk } from './watch/watch-desk.js';

const REVOKED: EndReason = { kind: 'ended-by-admin', by: 'system', reason: 'sign-ins revoked' };

export interface StartedGateway extends Gateway {
  /** Ends what a crash left behind. Call before the first ingress listens. */
  recover(): Promise<{
    readonly rows: number;
    /** Goes on while sessions are served: a long recording takes its time to be repaired. */
    readonly recordings: Promise<number>;
  }>;
  /** Ends every session of a user whose sign-ins were revoked, also those that are being opened, and takes their tickets. */
  endUser(userId: string): void;
}

export function createGateway(deps: GatewayDeps): StartedGateway {
  const guard = createAccessGuard(deps);
  const tickets = createTicketBook(deps.clock, deps.random);
  const registry = createSessionRegistry(deps.limits);
  const late = createLateWork(deps);
  const leases = keepLeases(deps, late, registry);
  const live = createLiveGuard({
    room: deps.control.room,
    see: deps.control.counters.see('review'),
    clock: deps.clock,
    fault: (error) => deps.log.error({ err: error }, 'a decision on what runs failed'),
  });
  const desk = createWatchDesk(deps, guard, registry, tickets, late, live);
  const wall = createLiveWall(desk, deps.clock, deps.log);
  const control = createSessionControl(deps, guard, registry, late);
  /** Sessions whose row is being written. */
  const opening = new Set<Promise<unknown>>();
  /** How often each user's sign-ins were revoked. What was begun before and is not in the registry yet asks for it (V13). */
  const revocations = new Map<string, number>();
  const revokedSince = (userId: string): (() => boolean) => {
    const before = revocations.get(userId);
    return () => revocations.get(userId) !== before;
  };
  let closing = false;

  /** Host and account as they stand now, and the decision on them (V13). */
  async function mayConnect(principal: Principal, hostId: string, accountId: string) {
    const decided = await guard.decide(principal, 'connect', { target: `host:${hostId}` });
    if (!decided.ok) return decided;
    const host = await deps.directory.host(hostId);
    if (!host) return fail('host.unknown');
    const account = await deps.directory.account(accountId);
    if (account?.hostId !== hostId) return fail('account.unknown');
    return ok({ host, account });
  }

  async function resume(
    principal: Principal,
    sessionId: string,
    client: ClientEnd,
    size: TerminalSize,
    from: number | undefined,
  ): Promise<Result<{ readonly sessionId: string }>> {
    const session = registry.get(sessionId);
    if (session?.row.userId !== principal.userId) return fail('not-found');
    if (session.state !== 'live') return fail('session.over');
    const decided = await guard.decide(principal, 'connect', { target: `host:${session.row.hostId}` });
    if (!decided.ok) return decided;
    // Before a byte is shown: the history may take as long as the page takes to read it.
    await deps.audit.append({
      action: 'session.resume',
      result: 'ok',
      actor: principal.name,
      actorId: principal.userId,
      source: principal.address,
      target: `session:${sessionId}`,
    });
    if (session.state !== 'live') return fail('session.over');
    const recorded = session.recorder()?.failed === false;
    client.opened({
      sessionId,
      hostName: session.row.hostName,
      login: session.row.login,
      resumed: true,
      recorded,
      offset: from !== undefined && from <= session.outputBytes ? from : 0,
    });
    await session.resume(client, size, from, recorded ? historyOf(sessionId) : NO_HISTORY);
    return ok({ sessionId });
  }

  /** A history that cannot be read must not cost the person the shell: the live stream goes on without it. */
  function historyOf(sessionId: string): HistoryReader {
    const reader = createHistoryReader(deps.recordings, sessionId);
    return {
      async send(client, from, to) {
        try {
          return await reader.send(client, from, to);
        } catch (error) {
          deps.log.error({ err: error, session: sessionId }, 'reading a session’s history failed');
          client.historyEnd({ offset: to, partial: true });
          return 0;
        }
      },
    };
  }

  return {
    guard,
    async issueTicket(principal, hostId, accountId) {
      const allowed = await mayConnect(principal, hostId, accountId);
      return allowed.ok ? ok(tickets.issue(principal, { kind: 'open', hostId, accountId })) : allowed;
    },
    async issueResumeTicket(principal, sessionId) {
      const session = registry.get(sessionId);
      if (session?.row.userId === principal.userId && session.state === 'live') {
        return ok(tickets.issue(principal, { kind: 'resume', sessionId }));
      }
      const row = await deps.sessions.get(sessionId);
      return row?.userId === principal.userId ? fail('session.over') : fail('not-found');
    },
    async open(principal, ticket, client, size, from) {
      const revoked = revokedSince(principal.userId);
      const redeemed = tickets.redeem(principal, ticket);
      if (!redeemed.ok) return redeemed;
      if (closing) return fail('unavailable', { detail: 'shutting down' });
      if (redeemed.value.kind === 'watch') return fail('ticket.invalid'); // S28: another door
      if (redeemed.value.kind === 'resume') return resume(principal, redeemed.value.sessionId, client, size, from);
      const allowed = await mayConnect(principal, redeemed.value.hostId, redeemed.value.accountId);
      if (!allowed.ok) return allowed;
      if (closing) return fail('unavailable', { detail: 'shutting down' });
      const hold = (session: LiveSession): void => holdSession(deps, live, late, session, principal);
      const opened = openSession(deps, late, registry, desk, hold, { principal, ...allowed.value, client, size });
      opening.add(opened);
      const answer = await opened.finally(() => opening.delete(opened));
      if (answer.ok && revoked()) void registry.get(answer.value.sessionId)?.end(REVOKED);
      return answer;
    },
    ...control,
    issueWatchTicket: desk.issueTicket,
    async watch(principal, ticket, end) {
      const revoked = revokedSince(principal.userId);
      const redeemed = tickets.redeem(principal, ticket);
      if (!redeemed.ok) return redeemed;
      return redeemed.value.kind === 'watch'
        ? desk.watch(principal, redeemed.value.sessionId, end, revoked)
        : fail('ticket.invalid');
    },
    watchRefused: desk.refused,
    wall: wall.viewer,
    resumable(sessionId) {
      const session = registry.get(sessionId);
      return session?.state === 'live' && !session.attached;
    },
    outputBytes: (sessionId) => registry.get(sessionId)?.outputBytes,
    async testHost(principal, hostId, accountId, signal) {
      const decided = await guard.decide(principal, 'inventory.write', { target: `host:${hostId}` });
      if (!decided.ok) return decided;
      const host = await deps.directory.host(hostId);
      if (!host) return fail('not-found');
      const account = accountId === undefined ? undefined : await deps.directory.account(accountId);
      if (accountId !== undefined && account?.hostId !== hostId) return fail('account.unknown');
      return ok(await testHost(deps, principal, host, account, signal));
    },
    liveCount: () => registry.size,
    async recover() {
      const rows = await reapLost(deps, late, deps.nodeId);
      const recordings = deps.recordings.recover((id) => registry.get(id) !== undefined).then((ids) => ids.length);
      return { rows, recordings };
    },
    endUser(userId) {
      revocations.set(userId, (revocations.get(userId) ?? 0) + 1);
      tickets.forget(userId);
      for (const session of registry.all()) {
        if (session.row.userId === userId) {
          void session.end(REVOKED);
        }
      }
    },
    async shutdown() {
      closing = true;
      leases.stop();
      live.stop();
      await Promise.allSettled(opening);
      await Promise.all([...registry.all()].map((session) => session.end({ kind: 'shutdown' })));
      await late.retry();
    },
  };
}
