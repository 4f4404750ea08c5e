import { describe, expect, it } from 'vitest';
import { randomOf } from '../../test/policy/random.js';
import { DEFAULT_QUOTA, type Quota } from './quota.js';
import { newSlidingLog, peekLog, takeLog } from './sliding-log.js';
import { newSmoothRate, peekSmooth, takeSmooth } from './smooth-rate.js';

const quota = (fields: Partial<Quota>): Quota => ({
  ...DEFAULT_QUOTA,
  periodMs: 1_000,
  quota: 3,
  overrun: 6,
  ...fields,
});

/** The most admitted in any period, by looking at each. */
const worst = (times: readonly number[], periodMs: number): number =>
  Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + periodMs).length));

describe('the sliding log', () => {
  it('S68: refuses the quota+1-th in a period, says when to come back, and passes then', () => {
    const log = newSlidingLog();
    for (const at of [0, 10, 20]) expect(takeLog(log, quota({}), at, 'admit')).toMatchObject({ admitted: true });
    expect(peekLog(log, quota({}), 30)).toBe(1_000);
    expect(takeLog(log, quota({}), 30, 'admit')).toEqual({ admitted: false, retryAt: 1_000, used: 3 });
    expect(takeLog(log, quota({}), 999, 'admit')).toMatchObject({ admitted: false, retryAt: 1_000 });
    expect(takeLog(log, quota({}), 1_000, 'admit')).toMatchObject({ admitted: true });
    expect(takeLog(log, quota({}), 1_001, 'admit')).toMatchObject({ admitted: false, retryAt: 1_010 });
  });

  it('S69, S70: refused attempts count towards the overrun number, and the next one is beyond it', () => {
    const log = newSlidingLog();
    const takes = Array.from({ length: 7 }, (_, at) => takeLog(log, quota({}), at, 'admit'));
    expect(takes.slice(0, 6).every((take) => !('overrun' in take))).toBe(true);
    expect(takes[6]).toMatchObject({ admitted: false, overrun: { count: 7 } });
  });

  it('S69: an attempt refused elsewhere takes no place', () => {
    const log = newSlidingLog();
    for (let at = 0; at < 5; at++) takeLog(log, quota({}), at, 'attempt');
    expect(peekLog(log, quota({}), 5)).toBeUndefined();
    expect(takeLog(log, quota({}), 5, 'admit')).toMatchObject({ admitted: true, used: 1 });
  });

  it('a quota that was lowered waits until enough have left; a quota of none is never free', () => {
    const log = newSlidingLog();
    for (const at of [0, 100, 200]) takeLog(log, quota({}), at, 'admit');
    expect(peekLog(log, quota({ quota: 1 }), 300)).toBe(1_200);
    expect(takeLog(newSlidingLog(), quota({ quota: 0 }), 5, 'admit')).toMatchObject({ admitted: false });
  });

  it('a clock that is put back takes nothing away from the promise', () => {
    const log = newSlidingLog();
    for (const at of [500, 400, 300]) takeLog(log, quota({}), at, 'admit');
    expect(takeLog(log, quota({}), 1_450, 'admit')).toMatchObject({ admitted: false, retryAt: 1_500 });
  });

  it('law: never more than the quota in any period, the whole quota to whoever keeps trying, memory bounded', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const random = randomOf(seed);
      const rule = quota({ quota: random.between(1, 6), overrun: 20, periodMs: random.between(5, 60) });
      const log = newSlidingLog();
      const admitted: number[] = [];
      for (let now = 0, step = 0; step < 300; step++) {
        now += random.chance(0.3) ? 0 : random.between(0, random.chance(0.1) ? 80 : 8);
        const free = peekLog(log, rule, now);
        const take = takeLog(log, rule, now, random.chance(0.8) ? 'admit' : 'attempt');
        if (take.admitted) admitted.push(now);
        if (take.admitted) expect(free).toBeUndefined();
        if (free !== undefined) expect(free).toBeGreaterThan(now);
        expect(log.all).toBeLessThanOrEqual(rule.overrun + 1);
      }
      expect(worst(admitted, rule.periodMs)).toBeLessThanOrEqual(rule.quota);
    }
    const log = newSlidingLog();
    const rule = quota({ quota: 5, overrun: 1_000, periodMs: 100 });
    const got = Array.from({ length: 1_000 }, (_, now) => takeLog(log, rule, now, 'admit').admitted).filter(Boolean);
    expect(got).toHaveLength(50);
  });

  it('law: `retryAt` is the first instant at which a place is free', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const random = randomOf(seed);
      const rule = quota({ quota: random.between(1, 4), overrun: 12, periodMs: 20 });
      const log = newSlidingLog();
      let now = 0;
      for (let step = 0; step < 12; step++) {
        now += random.between(0, 4);
        takeLog(log, rule, now, 'admit');
      }
      const free = peekLog(log, rule, now);
      if (free === undefined) continue;
      expect(peekLog(log, rule, free - 1)).toBe(free);
      expect(peekLog(log, rule, free)).toBeUndefined();
    }
  });
});

describe('the smooth rate', () => {
  it('lets a burst of the quota through, then one per interval', () => {
    const rate = newSmoothRate();
    const rule = quota({ shape: 'smooth', quota: 4, overrun: 100 });
    for (let count = 0; count < 4; count++) expect(takeSmooth(rate, rule, 10_000, 'admit').admitted).toBe(true);
    expect(takeSmooth(rate, rule, 10_000, 'admit')).toEqual({ admitted: false, retryAt: 10_250, used: 4 });
    expect(peekSmooth(rate, rule, 10_249)).toBe(10_250);
    expect(takeSmooth(rate, rule, 10_250, 'admit').admitted).toBe(true);
    expect(takeSmooth(rate, rule, 10_251, 'admit').admitted).toBe(false);
  });

  it('S70: attempts beyond the overrun number are told', () => {
    const rate = newSmoothRate();
    const rule = quota({ shape: 'smooth', quota: 2, overrun: 4 });
    const takes = Array.from({ length: 5 }, () => takeSmooth(rate, rule, 50, 'admit'));
    expect(takes[3]).not.toHaveProperty('overrun');
    expect(takes[4]).toMatchObject({ admitted: false, overrun: { count: 5 } });
  });
});
