/**
 * The one trunk through which every operation of every principal passes. Today: roles, and ownership of one's own
 * sessions. Grants and dynamic checks take their place inside `decide` with the control engine; callers do not change.
 * Fails closed: a throw anywhere is a refusal (V31). Every refusal is an audit row.
 */
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import { type Operation, roleMay } from '@sallyport/core/model/role.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { AuditLog } from './ports/audit-log.js';

/** What the operation is asked on. `ownerId` is set for sessions and recordings: their user. */
export interface AccessSubject {
  /** `host:ID`, `session:ID`, `user:ID`, ... as in the audit log. */
  readonly target?: string;
  readonly ownerId?: string;
}

export interface AccessGuard {
  decide(principal: Principal, operation: Operation, subject?: AccessSubject): Promise<Result<void>>;
}

/** Operations everybody may do on what is their own. */
const ON_ONES_OWN: readonly Operation[] = ['end', 'replay', 'download'];

export function createAccessGuard(audit: AuditLog): AccessGuard {
  return {
    async decide(principal, operation, subject = {}) {
      if (roleMay(principal.role, operation)) return ok(undefined);
      if (subject.ownerId === principal.userId && ON_ONES_OWN.includes(operation)) return ok(undefined);
      await audit.append({
        action: 'access.denied',
        result: 'denied',
        actor: principal.name,
        actorId: principal.userId,
        source: principal.address,
        ...(subject.target === undefined ? {} : { target: subject.target }),
        detail: { operation },
      });
      // Somebody else's session or recording gets the same answer as an unknown id (W5).
      return subject.ownerId === undefined ? fail('auth.forbidden', { operation }) : fail('not-found');
    },
  };
}
