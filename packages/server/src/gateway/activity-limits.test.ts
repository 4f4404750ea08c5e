import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/fixtures/fake-clock.js';
import { watchActivity } from './activity-limits.js';

const MINUTE = 60_000;

function watch(idleMs: number, absoluteMs: number) {
  const clock = fakeClock();
  const said: string[] = [];
  const limits = watchActivity(
    clock,
    { idleMs, absoluteMs },
    { notice: (notice) => said.push(notice.kind), end: (reason) => said.push(reason.kind) },
  );
  return { clock, said, limits };
}

describe('activity limits', () => {
  it('W20, X45: an idle session is warned 60 s before and ended at the limit', () => {
    const { clock, said } = watch(10 * MINUTE, 600 * MINUTE);
    clock.advance(9 * MINUTE - 1);
    expect(said).toEqual([]);
    clock.advance(1);
    expect(said).toEqual(['idle-warning']);
    clock.advance(MINUTE);
    expect(said).toEqual(['idle-warning', 'idle-limit']);
  });

  it('X45: typing keeps it, and a later idleness is warned of again', () => {
    const { clock, said, limits } = watch(10 * MINUTE, 600 * MINUTE);
    clock.advance(9.5 * MINUTE);
    limits.touch();
    clock.advance(9 * MINUTE);
    expect(said).toEqual(['idle-warning', 'idle-warning']);
    limits.touch();
    clock.advance(5 * MINUTE);
    expect(said).toHaveLength(2);
  });

  it('W20: the absolute limit ends a busy session', () => {
    const { clock, said, limits } = watch(10 * MINUTE, 30 * MINUTE);
    for (let minute = 0; minute < 31; minute++) {
      limits.touch();
      clock.advance(MINUTE);
    }
    expect(said).toEqual(['time-warning', 'time-limit']);
  });

  it('F10: a step of the wall clock changes nothing', () => {
    const { clock, said } = watch(10 * MINUTE, 600 * MINUTE);
    clock.step(60 * MINUTE);
    clock.advance(8 * MINUTE);
    expect(said).toEqual([]);
  });

  it('a stopped watch says nothing more', () => {
    const { clock, said, limits } = watch(10 * MINUTE, 600 * MINUTE);
    limits.stop();
    clock.advance(60 * MINUTE);
    expect(said).toEqual([]);
  });
});
