import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInputHold } from './input-hold.js';

const LIN = { by: 'lin', reason: 'wrong table', at: 5 };

describe('the hold on what a user types', () => {
  it('F20, law: every byte is let through, or counted by the unfreeze that follows it, and never both', () => {
    const step = fc.oneof(
      fc.nat(1_000).map((typed) => ({ typed })),
      fc.nat(1_000).map((takenBack) => ({ takenBack })),
      fc.constant({ lifted: true as const }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const hold = createInputHold();
        let [passed, dropped, all, back] = [0, 0, 0, 0];
        for (const one of [...steps, { lifted: true as const }]) {
          if ('typed' in one) {
            all += one.typed;
            if (hold.lets(one.typed)) passed += one.typed;
          } else if ('takenBack' in one) {
            back += one.takenBack; // had been let through
            hold.freeze(LIN, one.takenBack);
          } else dropped += hold.unfreeze() ?? 0;
        }
        expect(passed + dropped).toBe(all + back);
        expect(hold.frozen).toBeUndefined();
      }),
    );
  });

  it('a second freeze takes the place of the first, and keeps its count', () => {
    const hold = createInputHold();
    hold.freeze(LIN, 0);
    expect(hold.lets(3)).toBe(false);
    const wang = { by: 'wang', reason: 'still', at: 6 };
    hold.freeze(wang, 4);
    expect(hold.frozen).toEqual(wang);
    expect([hold.unfreeze(), hold.unfreeze(), hold.lets(1)]).toEqual([7, undefined, true]);
  });
});
