/** The tap that shows a session to others. It is told what happened, and can hold nothing up. */
import type { EndReason, TerminalSize } from '@sallyport/core/model/session.js';

export interface WatchTap {
  /** The shell is there. */
  live(): void;
  output(bytes: Buffer): void;
  resize(size: TerminalSize): void;
  /** Last word. */
  ended(reason: EndReason): void;
}
