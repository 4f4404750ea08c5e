import type { Ended, Notice, Opened, OpenStep } from '@sallyport/core/wire/terminal-frames.js';
import type { Failure } from './frame-reading.js';
import type { Standing } from './standing.js';

/** Where a terminal stands. `failed` never became live; `lost` was live and could not be resumed; `over` was ended. */
export type ShellState =
  | { readonly at: 'opening'; readonly steps: readonly OpenStep[] }
  | { readonly at: 'live' }
  | { readonly at: 'resuming'; readonly since: number; readonly reloaded: boolean }
  | { readonly at: 'failed'; readonly steps: readonly OpenStep[]; readonly failure: Failure }
  | { readonly at: 'over'; readonly when: number; readonly ended: Ended }
  | { readonly at: 'lost'; readonly when: number; readonly failure: Failure }
  | { readonly at: 'closed' };

export interface ShellView {
  readonly state: ShellState;
  readonly opened?: Opened | undefined;
  /** One that passes, and when it came. */
  readonly notice?: { readonly told: Notice; readonly since: number } | undefined;
  readonly standing: Standing;
  /** Older output was left out of what was resumed. */
  readonly partial: boolean;
}

/** The session exists or may still be resumed: leaving the page would cost the user something. */
export const isAlive = ({ state }: ShellView): boolean =>
  state.at === 'opening' || state.at === 'live' || state.at === 'resuming';
