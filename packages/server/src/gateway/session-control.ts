/**
 * What others do to a running session: end it, hold its user's input, say something to its user, block the user. Whoever
 * may not is answered like one who names a session that does not exist, at every call anew (V25, W5).
 *
 * Ending and freezing are there for the moment when something goes wrong, so nothing they do waits before it takes effect:
 * a session that runs is found in memory, and row, audit entry and block are written after.
 */
import type { AuditAction, AuditEvent } from '@sallyport/core/model/audit.js';
import type { Block } from '@sallyport/core/model/block.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { Operation } from '@sallyport/core/model/role.js';
import type { EndReason, Session } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { AccessGuard } from './access-guard.js';
import type { EndRequest, SessionControl } from './gateway.js';
import type { GatewayDeps } from './gateway-deps.js';
import type { LateWork } from './late-work.js';
import type { LiveSession } from './live-session.js';
import type { SessionRegistry } from './session-registry.js';

export function createSessionControl(
  deps: GatewayDeps,
  guard: AccessGuard,
  registry: SessionRegistry,
  late: LateWork,
): SessionControl {
  /** Who asked for ends that are not stored yet. */
  const ending = new Map<string, string>();

  const targetOf = (sessionId: string): string => `session:${sessionId}`;
  const rowOf = async (sessionId: string): Promise<Session | undefined> =>
    registry.get(sessionId)?.row ?? (await deps.sessions.get(sessionId));
  const subjectOf = ({ id, userId, hostId }: Session) => ({ target: targetOf(id), ownerId: userId, hostId });
  const entry = (
    action: AuditAction,
    principal: Principal,
    target: string,
    detail: NonNullable<AuditEvent['detail']>,
  ): AuditEvent => ({
    action,
    result: 'ok',
    actor: principal.name,
    actorId: principal.userId,
    source: principal.address,
    target,
    detail,
  });

  /** The session, if it runs and the asker may. */
  async function running(principal: Principal, operation: Operation, sessionId: string): Promise<Result<LiveSession>> {
    const row = await rowOf(sessionId);
    if (row === undefined) return fail('not-found');
    const decided = await guard.decide(principal, operation, subjectOf(row));
    if (!decided.ok) return decided;
    const session = registry.get(sessionId);
    return session === undefined || session.endReason !== undefined ? fail('session.over') : ok(session);
  }

  /** Already taken effect: an audit log that is away does not undo it, and the entry is written when it is back. */
  const auditLate = (what: string, event: AuditEvent & { readonly target: string }): Promise<void> =>
    late.run(`auditing ${what}`, event.target, async (since) => {
      await deps.audit.append(since === undefined ? event : { ...event, detail: { ...event.detail, since } });
    });

  /** undefined: the end of that session has brought one already. */
  async function block(
    principal: Principal,
    userId: string,
    minutes: number,
    reason: string,
    sessionId?: string,
  ): Promise<Result<Block | undefined>> {
    const added = await deps.control.blocks.add(principal, { userId, minutes, reason, sessionId });
    if (!added.ok || added.value === undefined) return added;
    const made = added.value;
    const detail = {
      ...{ block: made.id, minutes, until: new Date(made.until).toISOString() },
      ...(sessionId === undefined ? {} : { session: sessionId }),
      ...(reason === '' ? {} : { reason }),
    };
    await deps.audit.append(entry('block.create', principal, `user:${userId}`, detail));
    return added;
  }

  /** Not running: was it the asker who ended it? Then asking again changes nothing, and is no mistake. */
  async function endedByAsker(principal: Principal, sessionId: string): Promise<boolean> {
    const pending = ending.get(sessionId);
    if (pending !== undefined) return pending === principal.userId;
    const reason = registry.get(sessionId)?.endReason ?? (await deps.sessions.get(sessionId))?.endReason;
    return reason?.kind === 'ended-by-admin' && reason.by === principal.name;
  }

  return {
    async end(principal, sessionId, { preset, reason = '', blockMinutes }) {
      const row = await rowOf(sessionId);
      if (row === undefined) return fail('not-found');
      const ownerId = row.userId;
      const decided = await guard.decide(principal, 'end', subjectOf(row));
      if (!decided.ok) return decided;
      if (blockMinutes !== undefined) {
        const mayBlock = await guard.decide(principal, 'block.write', { target: `user:${ownerId}` });
        if (!mayBlock.ok) return mayBlock;
        const keepsOut = deps.control.blocks.refused(principal.userId, ownerId);
        if (!keepsOut.ok) return keepsOut;
      }
      const session = registry.get(sessionId);
      if (session !== undefined && session.endReason === undefined) {
        const stored = session.end(endReason(principal, ownerId, { preset, reason }), principal); // the target is closed now
        ending.set(sessionId, principal.userId);
        void stored.finally(() => ending.delete(sessionId));
      } else if (!(await endedByAsker(principal, sessionId))) {
        return fail('session.over');
      }
      const blocked =
        blockMinutes === undefined ? undefined : block(principal, ownerId, blockMinutes, reason, sessionId);
      // Not for the disk: the recording is sealed and the row stored after the answer.
      const [, added] = await Promise.all([session?.told, blocked]);
      return added === undefined || added.ok ? ok(undefined) : added;
    },

    async freeze(principal, sessionId, reason) {
      const found = await running(principal, 'freeze', sessionId);
      if (!found.ok) return found;
      found.value.facts.freeze({ by: principal.name, reason, at: deps.clock.now() });
      const target = targetOf(sessionId);
      await auditLate('a freeze', { ...entry('session.freeze', principal, target, { reason }), target });
      return ok(undefined);
    },

    async unfreeze(principal, sessionId) {
      const found = await running(principal, 'freeze', sessionId);
      if (!found.ok) return found;
      const droppedBytes = found.value.facts.unfreeze(principal.name);
      if (droppedBytes === undefined) return ok(undefined);
      const target = targetOf(sessionId);
      await auditLate('an unfreeze', { ...entry('session.unfreeze', principal, target, { droppedBytes }), target });
      return ok(undefined);
    },

    async message(principal, sessionId, text) {
      const found = await running(principal, 'message', sessionId);
      if (!found.ok) return found;
      await deps.audit.append(entry('session.message', principal, targetOf(sessionId), { text }));
      if (found.value.endReason !== undefined) return fail('session.over'); // while it was written down
      found.value.facts.say(principal.name, text, deps.clock.now());
      return ok(undefined);
    },

    async block(principal, userId, minutes, reason) {
      const decided = await guard.decide(principal, 'block.write', { target: `user:${userId}` });
      if (!decided.ok) return decided;
      if (!deps.control.room.evaluator.book().tables.subject.has(userId)) return fail('not-found');
      const made = await block(principal, userId, minutes, reason);
      if (!made.ok) return made;
      return made.value === undefined ? fail('internal') : ok(made.value);
    },

    async liftBlock(principal, id, reason) {
      const decided = await guard.decide(principal, 'block.write', { target: `block:${id}` });
      if (!decided.ok) return decided;
      const lifted = await deps.control.blocks.lift(id, principal.name, reason);
      if (!lifted.ok) return lifted;
      const { userId, until, sessionId } = lifted.value;
      const detail = {
        ...{ block: id, until: new Date(until).toISOString() },
        ...(sessionId === undefined ? {} : { session: sessionId }),
        ...(reason === '' ? {} : { reason }),
      };
      await deps.audit.append(entry('block.lift', principal, `user:${userId}`, detail));
      return ok(undefined);
    },
    standingBlocks: () => deps.control.blocks.standing(),

    watchersOf: (sessionId) => registry.get(sessionId)?.facts.watchers ?? [],
    frozen: (sessionId) => registry.get(sessionId)?.facts.frozen,
    unwatched: (sessionId) => registry.get(sessionId)?.facts.requiredWatcher === 'missing',
    ending: (sessionId) => registry.get(sessionId)?.endReason !== undefined,
  };
}

/** Whoever ends one's own without a word closes it. */
function endReason(principal: Principal, ownerId: string, { preset, reason = '' }: EndRequest): EndReason {
  if (ownerId === principal.userId && preset === undefined && reason === '') return { kind: 'closed-by-user' };
  return { kind: 'ended-by-admin', by: principal.name, reason, ...(preset === undefined ? {} : { preset }) };
}
