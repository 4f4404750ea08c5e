/**
 * The life of a session as data: `opening -> live -> ending -> ended | failed`. Pure: (state, input) -> (state, effects);
 * the gateway carries the effects out and feeds their outcomes back as inputs. There is one way out, `end`, and it is
 * idempotent: the first reason wins, later ones are dropped. A session that never became live ends as `failed` when the
 * cause is a failure and as `ended` otherwise.
 */
import type { EndReason } from '../model/session.js';

export type Lifecycle =
  | { readonly at: 'opening' }
  | { readonly at: 'live' }
  | { readonly at: 'ending'; readonly reason: EndReason }
  | { readonly at: 'ended'; readonly reason: EndReason }
  | { readonly at: 'failed'; readonly reason: EndReason };

export type LifecycleInput =
  | { readonly type: 'shell-ready' }
  | { readonly type: 'end'; readonly reason: EndReason }
  | { readonly type: 'closed' }; // both ends closed and the recording sealed, or given up on

/** In the order in which they must be carried out. */
export type LifecycleEffect =
  | { readonly type: 'store-live' }
  | { readonly type: 'tell-client'; readonly reason: EndReason }
  | { readonly type: 'close-target'; readonly reason: EndReason }
  | { readonly type: 'seal-recording' }
  | { readonly type: 'store-over'; readonly state: 'ended' | 'failed'; readonly reason: EndReason };

export const OPENING: Lifecycle = { at: 'opening' };

export function advance(
  state: Lifecycle,
  input: LifecycleInput,
): { readonly state: Lifecycle; readonly effects: readonly LifecycleEffect[] } {
  const stay = { state, effects: [] };
  switch (input.type) {
    case 'shell-ready':
      return state.at === 'opening' ? { state: { at: 'live' }, effects: [{ type: 'store-live' }] } : stay;
    case 'end':
      if (state.at !== 'opening' && state.at !== 'live') return stay;
      return {
        state: { at: 'ending', reason: input.reason },
        effects: [
          { type: 'close-target', reason: input.reason },
          { type: 'tell-client', reason: input.reason },
          { type: 'seal-recording' },
        ],
      };
    case 'closed': {
      if (state.at !== 'ending') return stay;
      const over = state.reason.kind === 'failed' ? 'failed' : 'ended';
      return {
        state: { at: over, reason: state.reason },
        effects: [{ type: 'store-over', state: over, reason: state.reason }],
      };
    }
  }
}
