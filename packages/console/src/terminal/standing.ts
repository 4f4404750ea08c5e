/**
 * What stands around a terminal until it changes: who watches, who holds the keys, and what was said to its user. Other
 * notices pass.
 */
import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import type { Freeze } from '@sallyport/core/wire/watch-frames.js';

/** Unclosed messages kept on the page; the oldest goes first. */
const MESSAGES_MAX = 20;

export interface Message {
  readonly by: string;
  readonly text: string;
  /** UTC ms. */
  readonly at: number;
}
export interface Standing {
  readonly watchers: readonly string[];
  readonly frozen?: Freeze | undefined;
  readonly messages: readonly Message[];
}
export const NOTHING_STANDS: Standing = { watchers: [], messages: [] };

/** The page is joined to its session, perhaps again: what stands is told anew. What was said stays until it is closed. */
export const standAgain = ({ messages }: Standing): Standing => ({ ...NOTHING_STANDS, messages });

/** `passes`: the notice is also shown for a while. */
export function standAfter(
  before: Standing,
  notice: Notice,
): { readonly standing: Standing; readonly passes: boolean } {
  switch (notice.kind) {
    case 'watched':
      return { standing: { ...before, watchers: notice.names }, passes: false };
    case 'frozen': {
      const { by, reason, at } = notice;
      return { standing: { ...before, frozen: { by, reason, at } }, passes: false };
    }
    case 'unfrozen':
      return { standing: { ...before, frozen: undefined }, passes: true };
    case 'message': {
      const { by, text, at } = notice;
      const messages = [...before.messages, { by, text, at }].slice(-MESSAGES_MAX);
      return { standing: { ...before, messages }, passes: false };
    }
    default:
      return { standing: before, passes: true };
  }
}
