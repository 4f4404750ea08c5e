/**
 * What a review does to something live. Effects form a lattice: the earliest end wins, and frozen is frozen whoever asked
 * for it. So the order in which causes come is irrelevant, and when one goes only what it alone had brought is undone.
 *
 * A grace runs from when its cause was first seen. It is kept while the cause lasts and never begun again, or a check that is
 * asked often would give time for ever.
 */
import type { Objection, Review } from './decision.js';
import { FOREVER, type Instant } from './instant.js';

export interface LiveState {
  readonly frozen: boolean;
  /** `FOREVER` while nothing speaks against it. */
  readonly closeAt: Instant;
  /** When each check that objects now was first seen to. */
  readonly since: ReadonlyMap<string, Instant>;
}
export const AT_EASE: LiveState = { frozen: false, closeAt: FOREVER, since: new Map() };

/** Each is an audit entry and a line the user sees. `why` is the objection that brought it about. */
export type LiveEvent =
  | { readonly event: 'close'; readonly why: Objection }
  | { readonly event: 'close-at'; readonly at: Instant; readonly why: Objection }
  | { readonly event: 'close-called-off' }
  | { readonly event: 'freeze'; readonly why: Objection }
  | { readonly event: 'thaw' };

export function afterReview(
  state: LiveState,
  review: Review,
): { readonly state: LiveState; readonly events: readonly LiveEvent[] } {
  const since = new Map<string, Instant>();
  let closing: { readonly at: Instant; readonly why: Objection } | undefined;
  let freezing: Objection | undefined;
  for (const why of review.objections) {
    const first = Math.min(state.since.get(why.check) ?? review.at, since.get(why.check) ?? FOREVER);
    since.set(why.check, first);
    const at = endOf(why, first, review.at);
    if (closing === undefined ? at < FOREVER : at < closing.at) closing = { at, why };
    if (why.effect.do === 'freeze') freezing ??= why;
  }
  const closeAt = closing?.at ?? FOREVER;
  const events: LiveEvent[] = [];
  if (closing !== undefined && closeAt <= review.at) events.push({ event: 'close', why: closing.why });
  else if (closing !== undefined && closeAt !== state.closeAt) events.push({ event: 'close-at', ...closing });
  else if (closing === undefined && state.closeAt < FOREVER) events.push({ event: 'close-called-off' });
  if (freezing !== undefined && !state.frozen) events.push({ event: 'freeze', why: freezing });
  if (freezing === undefined && state.frozen) events.push({ event: 'thaw' });
  return { state: { frozen: freezing !== undefined, closeAt, since }, events };
}

function endOf({ effect }: Objection, first: Instant, now: Instant): Instant {
  switch (effect.do) {
    case 'close':
      return now;
    case 'grace':
      return first + effect.ms;
    case 'freeze':
      return FOREVER;
  }
}

/** When to look again: the lease, or the end of a grace if that comes first. */
export const lookAgainAt = (state: LiveState, review: Review): Instant => Math.min(review.until, state.closeAt);
