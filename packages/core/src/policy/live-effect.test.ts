import { describe, expect, it } from 'vitest';
import { randomOf } from '../../test/policy/random.js';
import type { Objection, Review } from './decision.js';
import { FOREVER } from './instant.js';
import { AT_EASE, afterReview, type LiveState, lookAgainAt } from './live-effect.js';

const objection = (check: string, effect: Objection['effect']): Objection => ({
  check,
  code: 'rule-applies',
  params: {},
  effect,
});
const review = (at: number, ...objections: readonly Objection[]): Review => ({
  at,
  version: 1,
  until: FOREVER,
  objections,
});
const CLOSE = objection('block', { do: 'close' });
const FREEZE = objection('hours', { do: 'freeze' });
const GRACE = objection('source', { do: 'grace', ms: 100 });

describe('what a review does to something live', () => {
  it('X44: closes at once, and says why', () => {
    const { state, events } = afterReview(AT_EASE, review(5, FREEZE, CLOSE));
    expect(state).toMatchObject({ closeAt: 5, frozen: true });
    expect(events[0]).toEqual({ event: 'close', why: CLOSE });
  });

  it('a grace runs from when its cause was first seen, is told once, and ends it', () => {
    const first = afterReview(AT_EASE, review(10, GRACE));
    expect(first.events).toEqual([{ event: 'close-at', at: 110, why: GRACE }]);
    const again = afterReview(first.state, review(60, GRACE));
    expect(again).toMatchObject({ state: { closeAt: 110 }, events: [] });
    expect(lookAgainAt(again.state, review(60, GRACE))).toBe(110);
    expect(afterReview(again.state, review(110, GRACE)).events).toEqual([{ event: 'close', why: GRACE }]);
  });

  it('when the cause is gone it is thawed and the end called off; coming back, the grace is a new one', () => {
    const held = afterReview(AT_EASE, review(10, GRACE, FREEZE)).state;
    const free = afterReview(held, review(50));
    expect(free.events).toEqual([{ event: 'close-called-off' }, { event: 'thaw' }]);
    expect(free.state).toEqual(AT_EASE);
    expect(afterReview(free.state, review(60, GRACE)).state.closeAt).toBe(160);
  });

  it('of two causes, what the one that goes brought alone is undone', () => {
    const long = objection('other', { do: 'grace', ms: 500 });
    const held = afterReview(AT_EASE, review(0, GRACE, long, FREEZE)).state;
    expect(held).toMatchObject({ closeAt: 100, frozen: true });
    const after = afterReview(held, review(40, long));
    expect(after.state).toMatchObject({ closeAt: 500, frozen: false });
    expect(after.events).toEqual([{ event: 'close-at', at: 500, why: long }, { event: 'thaw' }]);
  });

  it('law: the order of causes is irrelevant, another cause never makes it milder, and the same review again says nothing', () => {
    for (let seed = 1; seed <= 2_000; seed++) {
      const random = randomOf(seed);
      const any = (at: number): Objection =>
        objection(
          `c${at}`,
          random.pick([{ do: 'close' }, { do: 'freeze' }, { do: 'grace', ms: random.between(1, 50) }]),
        );
      let state: LiveState = AT_EASE;
      const all = [0, 1, 2, 3].map(any);
      for (let now = 0; now < 60; now += random.between(1, 20)) {
        const some = random.some(all, 0.4);
        const next = afterReview(state, review(now, ...some));
        const turned = afterReview(state, review(now, ...[...some].reverse()));
        expect([turned.state.closeAt, turned.state.frozen]).toEqual([next.state.closeAt, next.state.frozen]);
        const more = afterReview(state, review(now, ...some, any(9))).state;
        expect(more.closeAt).toBeLessThanOrEqual(next.state.closeAt);
        expect(more.frozen || !next.state.frozen).toBe(true);
        const again = afterReview(next.state, review(now, ...some)).events;
        expect(again.filter(({ event }) => event !== 'close')).toEqual([]);
        state = next.state;
      }
    }
  });
});
