/** Carries out what a review says of a running session: an end with its reason, held input, input let go. */
import { idFromBytes } from '@sallyport/core/model/id.js';
import type { EndReason } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { LiveEvent } from '@sallyport/core/policy/live-effect.js';
import { requestOf } from '../access-guard.js';
import type { GatewayDeps } from '../gateway-deps.js';
import type { LateWork } from '../late-work.js';
import type { LiveSession } from '../live-session.js';
import type { LiveGuard } from './live-guard.js';
import { refusalOf } from './refusal.js';

/** Names who acts where nobody does. */
const SYSTEM_NAME = 'system';

type Parts = Pick<GatewayDeps, 'control' | 'clock' | 'random' | 'audit'>;

/** Why it ends, in the words that a new attempt would be refused with. */
export function endOf(event: Extract<LiveEvent, { event: 'close' }>, { clock, random }: Parts): EndReason {
  const { code, params } = refusalOf(event.why, idFromBytes(random(16)), clock.now());
  return { kind: 'ended-by-policy', code, params };
}

/** Holds a session to its right until it is over. */
export function holdSession(
  parts: Parts,
  live: LiveGuard,
  late: LateWork,
  session: LiveSession,
  principal: Principal,
): void {
  const { clock, audit, control } = parts;
  const { id, hostId } = session.row;
  const target = `session:${id}`;
  const write = (action: 'session.freeze' | 'session.unfreeze', detail: Readonly<Record<string, string | number>>) =>
    void late.run('auditing what a rule did to a session', id, async (since) => {
      const when = since === undefined ? detail : { ...detail, since };
      await audit.append({ action, result: 'ok', actor: SYSTEM_NAME, source: 'local', target, detail: when });
    });
  function carryOut(event: LiveEvent): void {
    switch (event.event) {
      case 'close':
        void session.end(endOf(event, parts));
        return;
      case 'freeze':
        // Whoever holds it already goes on holding it.
        if (session.facts.frozen !== undefined) return;
        session.facts.freeze({ by: SYSTEM_NAME, reason: event.why.code, at: clock.now() });
        write('session.freeze', { reason: event.why.code, check: event.why.check });
        return;
      case 'thaw': {
        if (session.facts.frozen?.by !== SYSTEM_NAME) return;
        write('session.unfreeze', { droppedBytes: session.facts.unfreeze(SYSTEM_NAME) ?? 0 });
        return;
      }
      case 'close-at': // the guard looks again then, and closes
      case 'close-called-off':
    }
  }
  const request = requestOf(principal, 'connect', { target, hostId }, control);
  const release = live.hold(request, (events) => events.forEach(carryOut));
  void session.told.then(release);
}
