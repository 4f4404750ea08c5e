/**
 * Somebody who looks at a running session: a page of the console or the command line. It is given a screen, then what
 * follows it, without a gap or a repeat; when it does not keep up it is left alone until it does and given a new screen.
 * Nothing it does can hold the session or another watcher up.
 */
import type { EndReason, TerminalSize } from '@sallyport/core/model/session.js';
import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import type { ScreenFrame, Watching } from '@sallyport/core/wire/watch-frames.js';

export interface WatcherHandlers {
  /** It has parsed `bytes` more of SCREEN and OUTPUT. */
  onCredit(bytes: number): void;
  /** It sent what only an operator may: nothing of it is passed on. */
  onRefused(what: 'input' | 'resize'): void;
  /** It left, or its connection did. */
  onGone(): void;
}

export interface WatcherEnd {
  readonly address: string;
  start(handlers: WatcherHandlers): void;
  watching(facts: Watching): void;
  screen(screen: ScreenFrame): void;
  size(size: TerminalSize): void;
  output(bytes: Uint8Array): void;
  notice(notice: Notice): void;
  /** Last word. */
  ended(reason: EndReason): void;
}
