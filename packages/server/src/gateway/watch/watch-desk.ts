/**
 * Who may watch which running session, and the record of who did. The right is asked when a ticket is given and again when
 * it is used (V13); somebody without it is answered as for a session that does not exist (W5). Every watching is two audit
 * rows, and stands in the session's facts from the first moment to the last (W7).
 */
import type { AuditAction, AuditEvent } from '@sallyport/core/model/audit.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { Session } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { LiveEvent } from '@sallyport/core/policy/live-effect.js';
import type { Watching } from '@sallyport/core/wire/watch-frames.js';
import { type AccessGuard, requestOf } from '../access-guard.js';
import { endOf } from '../control/hold-session.js';
import type { LiveGuard } from '../control/live-guard.js';
import type { Ticket } from '../gateway.js';
import type { GatewayDeps } from '../gateway-deps.js';
import type { LateWork } from '../late-work.js';
import type { LiveSession } from '../live-session.js';
import type { WatcherEnd } from '../ports/watcher-end.js';
import type { SessionRegistry } from '../session-registry.js';
import type { WatchTap } from '../taps/watch-tap.js';
import type { TicketBook } from '../ticket-book.js';
import { createWatchRoom, type WatchRoom } from './watch-room.js';

/** What one page sends that it may not is told once in so long. */
const REFUSED_EVERY_MS = 60_000;

type Close = Extract<LiveEvent, { event: 'close' }>;

export interface WatchDesk {
  /** The tap of a session that begins. */
  begin(row: Session): WatchTap;
  issueTicket(principal: Principal, sessionId: string): Promise<Result<Ticket>>;
  /** Lets somebody in whose ticket was for that session. `revoked`: their sign-ins were, since they asked. */
  watch(principal: Principal, sessionId: string, end: WatcherEnd, revoked: () => boolean): Promise<Result<void>>;
  /** The session with its room, if it runs and the asker may watch it. */
  admitted(principal: Principal, sessionId: string): Promise<Result<Admitted>>;
  /** Writes down that somebody begins to watch, tells whom the rule says, and answers how to stop. */
  attend(principal: Principal, session: LiveSession, how: AuditEvent['detail']): Promise<() => void>;
  /** Writes down what a watching page sent that it may not. */
  refused(principal: Principal, what: 'input' | 'resize'): void;
}
export interface Admitted {
  readonly session: LiveSession;
  readonly room: WatchRoom;
}

export function createWatchDesk(
  deps: GatewayDeps,
  guard: AccessGuard,
  registry: SessionRegistry,
  tickets: TicketBook,
  late: LateWork,
  live: LiveGuard,
): WatchDesk {
  const rooms = new Map<string, WatchRoom>();
  const { clock, screens, recordings } = deps;

  const entry = (
    action: AuditAction,
    principal: Principal,
    session: Session | undefined,
    detail: AuditEvent['detail'],
  ): AuditEvent => ({
    action,
    result: action === 'session.watch-refused' ? 'denied' : 'ok',
    actor: principal.name,
    actorId: principal.userId,
    source: principal.address,
    ...(session ? { target: `session:${session.id}` } : {}),
    detail: { ...(session ? { host: session.hostName, user: session.userName } : {}), ...detail },
  });
  const refused = (principal: Principal, what: 'input' | 'resize', session?: Session): void =>
    void late.run('auditing what a watcher sent', session?.id ?? 'none', async () => {
      await deps.audit.append(entry('session.watch-refused', principal, session, { what }));
    });

  async function admitted(principal: Principal, sessionId: string): Promise<Result<Admitted>> {
    const row = registry.get(sessionId)?.row ?? (await deps.sessions.get(sessionId));
    if (row === undefined) return fail('not-found');
    const subject = { target: `session:${sessionId}`, ownerId: row.userId, hostId: row.hostId };
    const decided = await guard.decide(principal, 'watch', subject);
    if (!decided.ok) return decided;
    const session = registry.get(sessionId);
    const room = rooms.get(sessionId);
    // S30: over since it was looked up. One that opens is watched from its first byte.
    return session !== undefined && session.endReason === undefined && room
      ? ok({ session, room })
      : fail('session.over');
  }

  /** Whoever loses the right to watch is sent away at once; frozen, a watch would be the same as ended. */
  function holdWatch(principal: Principal, { id, userId, hostId }: Session, send: (event: Close) => void): () => void {
    const subject = { target: `session:${id}`, ownerId: userId, hostId };
    return live.hold(requestOf(principal, 'watch', subject, deps.control), (events) => {
      for (const event of events) {
        if (event.event === 'close') send(event);
        if (event.event === 'freeze') send({ event: 'close', why: event.why });
      }
    });
  }

  async function attend(principal: Principal, session: LiveSession, how: AuditEvent['detail']): Promise<() => void> {
    const { row, facts } = session;
    // Before a single cell is shown.
    await deps.audit.append(entry('session.watch', principal, row, { ...how, watchers: facts.watchers.length + 1 }));
    // A picture of the wall is no watching of one's every key, and nobody is one's own second pair of eyes.
    const leave = facts.watch(principal.name, how?.wall !== true && principal.userId !== row.userId);
    const began = clock.monotonic();
    let left = false;
    return () => {
      if (left) return;
      left = true;
      leave();
      const seconds = Math.round((clock.monotonic() - began) / 1_000);
      void late.run('auditing the end of a watching', row.id, async (since) => {
        const detail = { ...how, seconds, ...(since === undefined ? {} : { since }) };
        await deps.audit.append(entry('session.watch-end', principal, row, detail));
      });
    };
  }

  return {
    begin(row) {
      const room = createWatchRoom(
        {
          screens,
          clock,
          isRecorded: () => registry.get(row.id)?.recorder()?.failed === false,
          async recorded(from) {
            const recorder = registry.get(row.id)?.recorder();
            if (recorder === undefined || recorder.failed) return undefined;
            await recorder.flush();
            return recordings.read(row.id, from);
          },
        },
        { cols: row.cols, rows: row.rows },
      );
      rooms.set(row.id, room);
      screens.warm();
      return {
        live: room.live,
        output: room.output,
        resize: room.resize,
        ended(reason) {
          rooms.delete(row.id);
          room.ended(reason);
        },
      };
    },

    async issueTicket(principal, sessionId) {
      const found = await admitted(principal, sessionId);
      return found.ok ? ok(tickets.issue(principal, { kind: 'watch', sessionId })) : found;
    },

    async watch(principal, sessionId, end, revoked) {
      const found = await admitted(principal, sessionId);
      if (!found.ok) return found;
      const { session, room } = found.value;
      const { row, facts } = session;
      const leave = await attend(principal, session, {});
      if (session.endReason !== undefined || revoked()) {
        leave();
        return fail(revoked() ? 'auth.required' : 'session.over');
      }
      const watching = (): Watching => ({
        sessionId,
        ...{ userName: row.userName, hostName: row.hostName, login: row.login, sourceAddress: row.sourceAddress },
        liveAt: row.liveAt ?? row.createdAt,
        notice: deps.options.watchNotice,
        watchers: facts.watchers,
        ...(session.state === 'opening' ? { opening: true as const } : {}),
        recorded: session.recorder()?.failed === false,
        ...(facts.frozen ? { frozen: facts.frozen } : {}),
        ...(facts.requiredWatcher ? { watcherRequired: facts.requiredWatcher } : {}),
      });
      const stop = facts.listen((change) => {
        if (change.kind !== 'watched') end.notice(change); // WATCHING says that
        if (change.kind !== 'message') end.watching(watching());
      });
      let refusedAt: number | undefined;
      let left = false;
      let release = (): void => {};
      const dismiss = room.join(end, watching, {
        refused(what) {
          const now = clock.monotonic();
          if (refusedAt !== undefined && now - refusedAt < REFUSED_EVERY_MS) return;
          refusedAt = now;
          refused(principal, what, row);
        },
        gone() {
          left = true;
          release();
          stop();
          leave();
        },
      });
      release = holdWatch(principal, row, (event) => dismiss(endOf(event, deps)));
      if (left) release(); // gone at the first look
      return ok(undefined);
    },
    admitted,
    attend,
    refused,
  };
}
