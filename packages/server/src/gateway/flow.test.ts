import { WINDOW_BYTES } from '@sallyport/core/wire/terminal-frames.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFlow, DETACHED_WINDOW_BYTES } from './flow.js';

function makeFlow(recorder = { full: false }) {
  const state = { paused: false, switches: 0 };
  const flow = createFlow({
    pause: () => {
      state.paused = true;
      state.switches++;
    },
    resume: () => {
      state.paused = false;
      state.switches++;
    },
    recorderFull: () => recorder.full,
  });
  return { flow, state, recorder };
}

describe('flow', () => {
  it('F8, W3: holds the target at the window and lets it go as credit returns', () => {
    const { flow, state } = makeFlow();
    flow.sent(WINDOW_BYTES - 1);
    expect(state.paused).toBe(false);
    flow.sent(1);
    expect(state.paused).toBe(true);
    flow.credited(1);
    expect(state.paused).toBe(false);
  });

  it('a full recorder holds the target whatever the credit', () => {
    const { flow, state, recorder } = makeFlow();
    recorder.full = true;
    flow.balance();
    expect(state.paused).toBe(true);
    recorder.full = false;
    flow.balance();
    expect(state.paused).toBe(false);
  });

  it('a session without a client may gather more, then waits', () => {
    const { flow, state } = makeFlow();
    flow.clientIs(false);
    flow.sent(DETACHED_WINDOW_BYTES - 1);
    expect(state.paused).toBe(false);
    flow.sent(1);
    expect(state.paused).toBe(true);
    flow.clientIs(true);
    expect(state.paused).toBe(false);
  });

  it('credit for history that arrives before the history is counted is not lost', () => {
    const { flow, state } = makeFlow();
    flow.clientIs(true);
    flow.beginCatchUp();
    expect(state.paused).toBe(true);
    flow.credited(WINDOW_BYTES * 2);
    flow.endCatchUp(WINDOW_BYTES * 2);
    flow.sent(WINDOW_BYTES - 1);
    expect(state.paused).toBe(false);
  });

  it('INVARIANT: paused exactly while the unanswered bytes reach the window, for any order of events', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(WINDOW_BYTES))), (events) => {
        const { flow, state } = makeFlow();
        let outstanding = 0;
        for (const [isSent, bytes] of events) {
          if (isSent) {
            flow.sent(bytes);
            outstanding += bytes;
          } else {
            flow.credited(bytes);
            outstanding = Math.max(0, outstanding - bytes);
          }
          expect(state.paused).toBe(outstanding >= WINDOW_BYTES);
        }
      }),
    );
  });
});
