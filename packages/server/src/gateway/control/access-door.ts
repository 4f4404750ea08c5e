/**
 * What a sign-in or a token that proved itself is asked at every access: is its user kept out (S52, S79, S81)? A look into
 * memory before any row of the user is read (S72). Who knocks on and on is told the same decision, and is one audit row a
 * minute.
 */
import { idFromBytes } from '@sallyport/core/model/id.js';
import { type Problem, problem } from '@sallyport/core/model/problem.js';
import { isPending } from '@sallyport/core/policy/see.js';
import type { AuditLog } from '../ports/audit-log.js';
import type { Clock } from '../ports/clock.js';
import type { AccessDoor, Knocking } from '../ports/identity.js';
import type { Control } from './control.js';
import { refusalOf } from './refusal.js';

const TOLD_EVERY_MS = 60_000;
const MOST_REMEMBERED = 10_000;

export function createAccessDoor(parts: {
  readonly control: Pick<Control, 'room' | 'counters'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly random: (bytes: number) => Uint8Array;
  /** Brings the book up to date with the directory. */
  readonly catchUp: () => Promise<void>;
}): AccessDoor {
  const { control, audit, clock, random, catchUp } = parts;
  const see = control.counters.see('sign-in');
  const told = new Map<string, { readonly at: number; readonly version: number; readonly problem: Problem }>();

  /** Asked for by many at once, it is done once. */
  let catchingUp: Promise<void> | undefined;

  const answer = ({ userId, address, how }: Knocking, mayCatchUp: boolean): ReturnType<AccessDoor> => {
    const now = clock.now();
    const decision = control.room.evaluator.decideAccess({ user: userId, address }, see, now);
    if (isPending(decision)) return problem('unavailable', { detail: 'a check of the sign-in' });
    if (decision.outcome === 'allow') return undefined;
    if (decision.code === 'user-unknown' && mayCatchUp) {
      // Whoever proved to be somebody is in the directory: made there by a command on the data directory while this runs.
      catchingUp ??= catchUp().finally(() => {
        catchingUp = undefined;
      });
      return catchingUp.then(
        () => answer({ userId, address, how }, false),
        () => problem('unavailable', { detail: 'the control book' }),
      );
    }
    const before = told.get(userId);
    const recent = before !== undefined && clock.monotonic() - before.at < TOLD_EVERY_MS;
    if (recent && before.version === decision.version) return before.problem;
    const id = idFromBytes(random(16));
    const refused = refusalOf(decision, id, now);
    if (told.size >= MOST_REMEMBERED) told.clear();
    told.set(userId, { at: clock.monotonic(), version: decision.version, problem: refused });
    const subject = control.room.evaluator.book().tables.subject.get(userId);
    const name = subject?.props.name;
    audit
      .append({
        action: 'access.denied',
        result: 'denied',
        actor: typeof name === 'string' ? name : userId,
        actorId: userId,
        source: address,
        target: `user:${userId}`,
        detail: { operation: how, code: decision.code, decision: id, version: decision.version },
      })
      .catch(() => undefined); // refused all the same; whoever writes next to a log that fails is told so
    return refused;
  };
  return (who) => answer(who, true);
}
