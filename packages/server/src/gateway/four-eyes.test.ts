import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/fixtures/fake-clock.js';
import { createFourEyes } from './four-eyes.js';

const GRACE_MS = 60_000;

function required(waiting = 0) {
  const clock = fakeClock();
  const told: Notice[] = [];
  let expired = 0;
  const eyes = createFourEyes(GRACE_MS, clock, {
    takeInputBack: () => waiting,
    changed: (change) => told.push(change),
    expired: () => expired++,
  });
  return { eyes, told, clock, expired: () => expired };
}

describe('V26: a required watcher', () => {
  it('nothing is typed before somebody watches, however long that takes', () => {
    const { eyes, told, clock, expired } = required();
    expect(eyes.lets(3)).toBe(false);
    clock.advance(10 * GRACE_MS);
    expect([eyes.missing, expired()]).toEqual([{ kind: 'unwatched' }, 0]);
    eyes.joined();
    expect(told).toEqual([{ kind: 'attended', droppedBytes: 3 }]);
    expect([eyes.missing, eyes.lets(1)]).toEqual([undefined, true]);
  });

  it('when the last one goes input stops at once, what waited is taken back, and the grace begins', () => {
    const { eyes, told, clock, expired } = required(7);
    const [one, other] = [eyes.joined(), eyes.joined()];
    one();
    one();
    expect(eyes.lets(1)).toBe(true);
    other();
    const endsAt = clock.now() + GRACE_MS;
    expect([eyes.lets(2), eyes.missing]).toEqual([false, { kind: 'unwatched', endsAt }]);
    clock.advance(GRACE_MS - 1);
    expect(expired()).toBe(0);
    const back = eyes.joined();
    expect(told.at(-1)).toEqual({ kind: 'attended', droppedBytes: 9 });
    clock.advance(GRACE_MS);
    expect([expired(), clock.pending]).toEqual([0, 0]);
    back();
    clock.advance(GRACE_MS);
    expect(expired()).toBe(1);
  });

  it('a session that is over requires nobody: no timer, no word', () => {
    const { eyes, told, clock, expired } = required();
    const leave = eyes.joined();
    eyes.stop();
    leave();
    eyes.joined();
    clock.advance(GRACE_MS);
    expect([told.length, expired(), clock.pending]).toEqual([1, 0, 0]);
  });

  it('law: input passes exactly while somebody who counts watches', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('join' as const), fc.nat(5))), (steps) => {
        const { eyes } = required();
        const there: (() => void)[] = [];
        for (const step of steps) {
          if (step === 'join') there.push(eyes.joined());
          else there.splice(step, 1)[0]?.();
          expect(eyes.lets(1)).toBe(there.length > 0);
        }
      }),
    );
  });
});
