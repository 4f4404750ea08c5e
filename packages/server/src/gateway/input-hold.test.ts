import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInputHold } from './input-hold.js';

const LIN = { by: 'lin', reason: 'wrong table', at: 5 };

describe('the hold on what a user types', () => {
  it('F20, law: every byte is let through, or counted by the letting go that follows it, and never both', () => {
    const step = fc.oneof(
      fc.nat(1_000).map((typed) => ({ typed })),
      fc.nat(1_000).map((takenBack) => ({ takenBack })),
      fc.constant({ lifted: true as const }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const hold = createInputHold<typeof LIN>();
        let [passed, dropped, all, back] = [0, 0, 0, 0];
        for (const one of [...steps, { lifted: true as const }]) {
          if ('typed' in one) {
            all += one.typed;
            if (hold.lets(one.typed)) passed += one.typed;
          } else if ('takenBack' in one) {
            back += one.takenBack; // had been let through
            hold.hold(LIN, one.takenBack);
          } else dropped += hold.letGo() ?? 0;
        }
        expect(passed + dropped).toBe(all + back);
        expect(hold.why).toBeUndefined();
      }),
    );
  });

  it('a second reason takes the place of the first, and keeps its count', () => {
    const hold = createInputHold<typeof LIN>();
    hold.hold(LIN, 0);
    expect(hold.lets(3)).toBe(false);
    const wang = { by: 'wang', reason: 'still', at: 6 };
    hold.hold(wang, 4);
    expect(hold.why).toEqual(wang);
    expect([hold.letGo(), hold.letGo(), hold.lets(1)]).toEqual([7, undefined, true]);
  });
});
