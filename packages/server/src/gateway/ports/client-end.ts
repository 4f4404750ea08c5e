/**
 * Where a person sits: a web terminal now, the native SSH door later. A session may lose its client end and get another
 * (resume); the session outlives it.
 *
 * Credit: `send` is told how much may be outstanding by `credit()`. The session pauses its target when a client end's
 * credit is used up and resumes on `onCredit`.
 */
import type { EndReason, TerminalSize } from '@sallyport/core/model/session.js';
import type { HistoryEnd, Notice, Opened, OpenStep } from '@sallyport/core/wire/terminal-frames.js';

export interface ClientHandlers {
  onInput(bytes: Uint8Array): void;
  onResize(size: TerminalSize): void;
  /** The client has parsed `bytes` more. */
  onCredit(bytes: number): void;
  /** The person closed the terminal: end the session. */
  onClose(): void;
  /** The connection is gone: the session may be resumed. */
  onLost(): void;
}

export interface ClientEnd {
  readonly address: string;
  start(handlers: ClientHandlers): void;
  step(step: OpenStep): void;
  opened(opened: Opened): void;
  /** Live output; the end may gather what comes in a burst, but the first bytes after idle leave at once. */
  output(bytes: Uint8Array): void;
  /** A promise when the way to the person is full: wait for it before the next. */
  history(bytes: Uint8Array): Promise<void> | undefined;
  historySize(size: TerminalSize): void;
  historyEnd(end: HistoryEnd): void;
  notice(notice: Notice): void;
  /** Last word: after it the end accepts nothing. Flushes gathered output first. */
  ended(reason: EndReason): void;
  /** False: stop reading from the person until `resumeInput` (the target is not taking more). */
  pauseInput(): void;
  resumeInput(): void;
  /** Drops the end without a last word: another page took the session over. */
  detach(): void;
}
