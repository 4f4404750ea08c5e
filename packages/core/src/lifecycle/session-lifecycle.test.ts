import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { advance, type Lifecycle, type LifecycleInput, OPENING } from './session-lifecycle.js';

const run = (inputs: readonly LifecycleInput[]) => {
  let state: Lifecycle = OPENING;
  const effects: string[] = [];
  for (const input of inputs) {
    const next = advance(state, input);
    state = next.state;
    effects.push(...next.effects.map((effect) => effect.type));
  }
  return { state, effects };
};
const exit: LifecycleInput = { type: 'end', reason: { kind: 'remote-exit', exitCode: 0 } };
const failure: LifecycleInput = { type: 'end', reason: { kind: 'failed', code: 'target.refused' } };

describe('session lifecycle', () => {
  it('opening -> live -> ending -> ended, effects in order', () => {
    const { state, effects } = run([{ type: 'shell-ready' }, exit, { type: 'closed' }]);
    expect(state).toEqual({ at: 'ended', reason: { kind: 'remote-exit', exitCode: 0 } });
    expect(effects).toEqual(['store-live', 'close-target', 'tell-client', 'seal-recording', 'store-over']);
  });

  it('W11: a session that never opened ends as failed', () => {
    expect(run([failure, { type: 'closed' }]).state.at).toBe('failed');
  });

  it('W4: the end is idempotent, the first reason wins', () => {
    const { state, effects } = run([
      { type: 'shell-ready' },
      exit,
      failure,
      exit,
      { type: 'closed' },
      { type: 'closed' },
    ]);
    expect(state).toEqual({ at: 'ended', reason: { kind: 'remote-exit', exitCode: 0 } });
    expect(effects.filter((effect) => effect === 'seal-recording')).toHaveLength(1);
  });

  it('law: for any inputs, each effect happens at most once and nothing follows the stored end', () => {
    const input = fc.constantFrom<LifecycleInput>({ type: 'shell-ready' }, exit, failure, { type: 'closed' });
    fc.assert(
      fc.property(fc.array(input), (inputs) => {
        const { effects } = run(inputs);
        expect(new Set(effects).size).toBe(effects.length);
        if (effects.includes('store-over')) expect(effects.at(-1)).toBe('store-over');
      }),
    );
  });
});
