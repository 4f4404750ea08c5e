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
  /** The host requires a watcher, and there is none. */
  readonly unwatched?: { readonly endsAt?: number } | undefined;
  readonly messages: readonly Message[];
}
export const NOTHING_STANDS: Standing = { watchers: [], messages: [] };

/** The page is joined to its session, perhaps again: what stands is told anew. What was said stays until it is closed. */
export const standAgain = ({ messages }: Standing): Standing => ({ ...NOTHING_STANDS, messages });

export const withoutMessage = (before: Standing, message: Message): Standing => ({
  ...before,
  messages: before.messages.filter((one) => one !== message),
});

/** What a notice changes; `notice` when it is also shown for a while. */
export function standAfter(
  before: Standing,
  told: Notice,
  now: number,
): { readonly standing: Standing; readonly notice?: { readonly told: Notice; readonly since: number } } {
  switch (told.kind) {
    case 'watched':
      return { standing: { ...before, watchers: told.names } };
    case 'frozen': {
      const { by, reason, at } = told;
      return { standing: { ...before, frozen: { by, reason, at } } };
    }
    case 'unfrozen':
      return { standing: { ...before, frozen: undefined }, notice: { told, since: now } };
    case 'unwatched':
      return { standing: { ...before, unwatched: told } };
    case 'attended':
      return { standing: { ...before, unwatched: undefined }, notice: { told, since: now } };
    case 'message': {
      const { by, text, at } = told;
      return { standing: { ...before, messages: [...before.messages, { by, text, at }].slice(-MESSAGES_MAX) } };
    }
    default:
      return { standing: before, notice: { told, since: now } };
  }
}
