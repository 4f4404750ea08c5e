/**
 * Everything that reaches one emulator, in order: live output, history, sizes inside history, and our own lines. Bytes
 * go in as bytes and are never decoded here, and a character cut by a frame waits for its rest (W16).
 *
 * The emulator parses later than we write. Whatever must happen at an exact point of the stream (a resize, the end of
 * history) therefore rides on an empty write's callback, which xterm.js calls between two chunks.
 *
 * INVARIANT: while history is unparsed, nothing the emulator answers by itself leaves the page (V32).
 */

import { createWholeCharacters } from '@sallyport/core/terminal/whole-characters.js';
import type { Credit } from './credit.js';
import { looksLikeReply } from './reply-filter.js';

const utf8 = new TextEncoder();
/** Ends a sequence left open. */
const ABANDON = '\x18';

/** The part of xterm.js we write to; @xterm/headless has it too. */
export interface FeedTarget {
  write(data: string | Uint8Array, parsed?: () => void): void;
  resize(cols: number, rows: number): void;
  reset(): void;
}

export interface ScreenFeed {
  /** Output bytes of the session that the emulator holds (parsed or queued): where a resume goes on. */
  readonly held: number;
  readonly inHistory: boolean;
  /** A stream begins at this byte; `credit` of an older connection is dropped. */
  begin(offset: number): void;
  output(bytes: Uint8Array): void;
  history(bytes: Uint8Array): void;
  historySize(cols: number, rows: number): void;
  /** `offset` is where live output goes on; `done` runs when the emulator has parsed all history. */
  historyEnd(offset: number | undefined, done: () => void): void;
  /** Our own words in the screen; not counted. */
  local(text: string): void;
  /** Forgets the screen, at this point of the stream. */
  reset(): void;
  /** What the emulator wants to send: undefined when it must not leave the page. */
  outgoing(data: string): string | undefined;
}

export function createScreenFeed(target: FeedTarget, credit: Credit): ScreenFeed {
  let held = 0;
  let pendingHistory = 0;
  /** From the first history frame to the parsed end: sizes belong to the history, not to the window. */
  let historyOpen = false;
  let historyNumber = 0;
  const whole = createWholeCharacters();

  const openHistory = (): void => {
    if (historyOpen) return;
    historyOpen = true;
    historyNumber++;
  };
  return {
    get held() {
      return held;
    },
    get inHistory() {
      return historyOpen || pendingHistory > 0;
    },
    begin(offset) {
      held = offset;
      historyOpen = false;
      credit.restart();
    },
    output(bytes) {
      held += bytes.length;
      target.write(whole.take(bytes), credit.taken(bytes.length));
    },
    history(bytes) {
      openHistory();
      held += bytes.length;
      pendingHistory++;
      const parsed = credit.taken(bytes.length);
      target.write(whole.take(bytes), () => {
        pendingHistory--;
        parsed();
      });
    },
    historySize(cols, rows) {
      openHistory();
      target.write('', () => target.resize(cols, rows));
    },
    historyEnd(offset, done) {
      // History may hold bytes that never were output (modes restored), or leave some out: the gateway's count rules.
      if (offset !== undefined) held = offset;
      const ending = historyNumber;
      target.write('', () => {
        if (ending === historyNumber) historyOpen = false;
        done();
      });
    },
    local(text) {
      whole.drop();
      target.write(utf8.encode(`${ABANDON}${text}`));
    },
    reset() {
      whole.drop();
      target.write(utf8.encode(`${ABANDON}\x1bc`), () => target.reset());
    },
    outgoing(data) {
      return pendingHistory > 0 && looksLikeReply(data) ? undefined : data;
    },
  };
}
