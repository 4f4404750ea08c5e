import type { MeAnswer } from '@sallyport/core/wire/api-answers.js';
import { describe, expect, it } from 'vitest';
import { type Act, type Acted, mayDo } from './may-do.js';

const ACTS: readonly Act[] = ['watch', 'freeze', 'unfreeze', 'message', 'end', 'block'];
const as = (id: string, ...may: string[]): MeAnswer => ({ user: { id }, may }) as unknown as MeAnswer;
const admin = as('lin', 'watch', 'freeze', 'message', 'end', 'block.write');
const auditor = as('ines', 'watch');
const alice = as('alice');
const bob = as('bob');
const frozen = { by: 'lin', reason: 'r', at: 1 };
const acts = (state: Acted['state'], me: MeAnswer, held?: typeof frozen): readonly Act[] =>
  ACTS.filter((act) => mayDo(act, { userId: 'alice', state, frozen: held }, me));

describe('what may be done to a session', () => {
  it('S26: a live row has watch and end for an administrator, with what holds and speaks; watch alone for an auditor', () => {
    expect(acts('live', admin)).toEqual(['watch', 'freeze', 'message', 'end', 'block']);
    expect(acts('live', admin, frozen)).toEqual(['watch', 'unfreeze', 'message', 'end', 'block']);
    expect(acts('live', auditor)).toEqual(['watch']);
  });

  it('S27: nothing of it is left on a row that is over, or ending', () => {
    for (const state of ['ending', 'ended', 'failed'] as const) {
      for (const me of [admin, auditor, alice]) expect([state, acts(state, me)]).toEqual([state, []]);
    }
  });

  it('W1: one that opens is watched and ended', () => {
    expect(acts('opening', admin)).toEqual(['watch', 'end']);
    expect(acts('opening', auditor)).toEqual(['watch']);
  });

  it('W5: its own user ends it, another user does nothing, and nobody blocks themselves', () => {
    expect(acts('live', alice)).toEqual(['end']);
    expect(acts('live', bob)).toEqual([]);
    expect(mayDo('block', { userId: 'lin', state: 'live', frozen: undefined }, admin)).toBe(false);
  });
});
