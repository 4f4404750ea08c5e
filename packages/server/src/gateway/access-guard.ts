/**
 * The one trunk through which every operation of every principal passes. It asks the control engine (core/policy) on the
 * host, or on Sallyport itself where there is no host; grants beneath, blocks, checks and limits on top.
 * Fails closed: a throw anywhere is a refusal (V31). Every refusal is an audit row.
 */
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import { type Operation, roleMay } from '@sallyport/core/model/role.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { Decision } from '@sallyport/core/policy/decision.js';
import type { Key } from '@sallyport/core/policy/key.js';
import { NO_PROPERTIES } from '@sallyport/core/policy/properties.js';
import { NO_ASSERTIONS, type Request } from '@sallyport/core/policy/request.js';
import { isPending, type See } from '@sallyport/core/policy/see.js';
import type { Control } from './control/control.js';
import { refusalOf } from './control/refusal.js';
import { hostKey, SYSTEM } from './control/standing-facts.js';
import type { AuditLog } from './ports/audit-log.js';
import type { Clock } from './ports/clock.js';

/** What the operation is asked on. `ownerId` is set for sessions and recordings: their user. */
export interface AccessSubject {
  /** `host:ID`, `session:ID`, `user:ID`, ... as in the audit log. */
  readonly target?: string;
  readonly ownerId?: string;
  /** Of sessions and recordings: the host they are of. */
  readonly hostId?: string;
}

export interface AccessGuard {
  decide(principal: Principal, operation: Operation, subject?: AccessSubject): Promise<Result<void>>;
}

/** What an answer that is waited for may change; a decision that never comes is none. */
const MOST_ROUNDS = 100;
const NO_RIGHT = new Set(['no-grant', 'grant-denied', 'resource-unknown', 'operation-unknown']);

export interface AccessGuardParts {
  readonly audit: AuditLog;
  readonly control: Control;
  readonly clock: Pick<Clock, 'now'>;
  readonly random: (bytes: number) => Uint8Array;
}

export function createAccessGuard({ audit, control, clock, random }: AccessGuardParts): AccessGuard {
  const { room, counters, blocks } = control;

  async function decided(request: Request): Promise<Decision> {
    const see: See = counters.see(request.operation);
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const decision = room.evaluator.decide(request, see, clock.now());
      if (!isPending(decision)) return decision;
      await decision.pending;
    }
    throw new Error('a check answers for ever that it will');
  }

  async function denied(principal: Principal, operation: Operation, subject: AccessSubject, detail: object) {
    await audit.append({
      action: 'access.denied',
      result: 'denied',
      actor: principal.name,
      actorId: principal.userId,
      source: principal.address,
      ...(subject.target === undefined ? {} : { target: subject.target }),
      detail: { operation, ...detail },
    });
  }

  /** Beyond the overrun number the user is kept out (S70). */
  async function overrun(principal: Principal, operation: Operation, count: number, periodMs: number): Promise<void> {
    const made = await blocks.addAutomatic(principal.userId, { count, periodMs, lastOperation: operation });
    if (made === undefined) return;
    await audit.append({
      action: 'block.create',
      result: 'ok',
      actor: 'system',
      source: 'local',
      target: `user:${principal.userId}`,
      detail: { block: made.id, until: new Date(made.until).toISOString(), count, periodMs, operation },
    });
  }

  return {
    async decide(principal, operation, subject = {}) {
      // The command line on the data directory: whoever reads the master key is not kept out by a row.
      if (principal.via === 'local') return roleMay(principal.role, operation) ? ok(undefined) : fail('auth.forbidden');
      const decision = await decided(requestOf(principal, operation, subject, control));
      const beyond = counters.charge(operation, decision);
      if (beyond !== undefined) await overrun(principal, operation, beyond.count, beyond.quota.periodMs);
      if (decision.outcome === 'allow') return ok(undefined);
      if (NO_RIGHT.has(decision.code)) {
        await denied(principal, operation, subject, {});
        // Somebody else's session or recording gets the same answer as an unknown id (W5).
        return subject.ownerId === undefined ? fail('auth.forbidden', { operation }) : fail('not-found');
      }
      const id = idFromBytes(random(16));
      await denied(principal, operation, subject, { code: decision.code, decision: id, version: decision.version });
      return { ok: false, problem: refusalOf(decision, id, clock.now()) };
    },
  };
}

export function requestOf(
  principal: Principal,
  operation: Operation,
  { target, ownerId, hostId }: AccessSubject,
  { room }: Pick<Control, 'room'>,
): Request {
  const named: Key = hostId === undefined ? (target ?? SYSTEM) : hostKey(hostId);
  // On what is not, or no longer, a host here, the operation is one on Sallyport; whoever may is told that it is unknown.
  const { resource } = room.evaluator.book().tables;
  const known = resource.get(named)?.type === 'host';
  return {
    user: principal.userId,
    operation,
    resource: known ? named : SYSTEM,
    params: NO_PROPERTIES,
    address: principal.address,
    env: ownerId === undefined ? NO_ASSERTIONS : { ...NO_ASSERTIONS, context: { owner: ownerId } },
  };
}
