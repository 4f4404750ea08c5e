/**
 * What runs on a decision: sessions and watches. Each is filed under the coordinates it was decided by, and decided again
 * in the turn in which a change touches one of them, and when its lease ends.
 *
 * INVARIANT: what is held is waiting for an answer, or was decided on the present book and its lease runs. It is filed
 * before the first look, under keys of the book it is decided on; a change swaps the book and looks at all it touches in
 * one turn; whoever waits for an answer begins anew with it, and finds the book and the time as they are then.
 */
import type { Review } from '@sallyport/core/policy/decision.js';
import { FOREVER, type Instant } from '@sallyport/core/policy/instant.js';
import {
  AT_EASE,
  afterReview,
  type LiveEvent,
  type LiveState,
  lookAgainAt,
} from '@sallyport/core/policy/live-effect.js';
import type { Request } from '@sallyport/core/policy/request.js';
import { isPending, type See } from '@sallyport/core/policy/see.js';
import { filedUnder, touchedKeys } from '@sallyport/core/policy/touched-keys.js';
import type { Clock } from '../ports/clock.js';
import type { ControlRoom } from './control-room.js';
import { createDueHeap } from './due-heap.js';

export interface LiveGuard {
  /**
   * Holds what runs to its right, from this moment on: the first look is now, so what changed since it was let in is
   * seen. Answers how to let go of it.
   */
  hold(request: Request, act: (events: readonly LiveEvent[]) => void): () => void;
  readonly held: number;
  stop(): void;
}

/** However far the next edge is: the wall clock may be set meanwhile, and a timer knows nothing of that. */
const LOOK_AT_LEAST_MS = 60_000;

interface Held {
  readonly request: Request;
  readonly act: (events: readonly LiveEvent[]) => void;
  state: LiveState;
  keys: readonly string[];
  /** The look that is being waited for; an answer to an older one is nothing. */
  look: number;
  waiting: boolean;
  gone: boolean;
}

export function createLiveGuard(parts: {
  readonly room: ControlRoom;
  readonly see: See;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly fault: (error: unknown) => void;
}): LiveGuard {
  const { room, see, clock, fault } = parts;
  const files = new Map<string, Set<Held>>();
  const due = createDueHeap<Held>();
  let held = 0;
  let timer: { readonly at: Instant; readonly cancel: () => void } | undefined;

  function refile(one: Held, keys: readonly string[]): void {
    for (const key of one.keys) {
      const file = files.get(key);
      file?.delete(one);
      if (file?.size === 0) files.delete(key);
    }
    one.keys = keys;
    for (const key of keys) {
      const file = files.get(key) ?? new Set();
      files.set(key, file.add(one));
    }
  }

  function look(one: Held): void {
    if (one.gone) return;
    const mine = ++one.look;
    const book = room.evaluator.book();
    refile(one, filedUnder(book, one.request));
    const now = clock.now();
    const review = reviewNow(one, now);
    if ('pending' in review) {
      one.waiting = true;
      due.set(one, Math.max(review.until, now + 1));
      const again = (): void => {
        if (one.look !== mine) return;
        look(one);
        wind();
      };
      review.pending.then(again, again);
      return;
    }
    one.waiting = false;
    const { state, events } = afterReview(one.state, review);
    one.state = state;
    // A lease that has ended would be looked at for ever: the next look is later, whatever it says.
    due.set(one, Math.max(lookAgainAt(state, review), now + 1));
    if (events.length > 0) tell(one, events);
  }

  /** A slow check keeps nobody in whose user is blocked or switched off; `until` is when that may change. */
  function reviewNow(one: Held, now: Instant): Review | { readonly pending: PromiseLike<unknown>; until: Instant } {
    try {
      const review = room.evaluator.review(one.request, see, now);
      if (!isPending(review)) return review;
      const access = room.evaluator.decideAccess({ user: one.request.user }, see, now);
      if (isPending(access)) return { pending: review.pending, until: FOREVER };
      const { until, version, by, code, params } = access;
      if (access.outcome === 'allow') return { pending: review.pending, until };
      return { at: now, version, until, objections: [{ check: by, code, params, effect: { do: 'close' } }] };
    } catch (error) {
      fault(error);
      // Nobody knows whether it may go on, so it may not (V31).
      const objection = { check: 'review', code: 'check-failed', params: {}, effect: { do: 'close' } } as const;
      return { at: now, version: room.evaluator.book().version, until: FOREVER, objections: [objection] };
    }
  }

  function tell(one: Held, events: readonly LiveEvent[]): void {
    try {
      one.act(events);
    } catch (error) {
      fault(error);
    }
  }

  /** One timer, for the head of the heap. */
  function wind(): void {
    const head = due.head();
    const now = clock.now();
    const at = head === undefined ? FOREVER : Math.min(head, now + LOOK_AT_LEAST_MS);
    if (timer !== undefined && timer.at <= at && timer.at >= now) return;
    timer?.cancel();
    timer = head === undefined ? undefined : { at, cancel: clock.after(Math.max(0, at - now), ring) };
  }
  function ring(): void {
    timer = undefined;
    const now = clock.now();
    for (let one = due.takeUntil(now); one !== undefined; one = due.takeUntil(now)) look(one);
    wind();
  }

  const unsubscribe = room.onChange((changes) => {
    const touched = new Set<Held>();
    for (const change of changes) {
      for (const key of touchedKeys(change)) for (const one of files.get(key) ?? []) touched.add(one);
    }
    for (const one of touched) look(one);
    wind();
  });

  return {
    hold(request, act) {
      const one: Held = { request, act, state: AT_EASE, keys: [], look: 0, waiting: false, gone: false };
      held++;
      look(one);
      wind();
      return () => {
        if (one.gone) return;
        one.gone = true;
        held--;
        refile(one, []);
        due.remove(one);
      };
    },
    get held() {
      return held;
    },
    stop() {
      unsubscribe();
      timer?.cancel();
      timer = undefined;
    },
  };
}
