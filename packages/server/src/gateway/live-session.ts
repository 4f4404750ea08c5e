/** What the gateway may ask of a session while it runs, and what a session asks of the gateway. Made by session.ts. */
import type { Lifecycle } from '@sallyport/core/lifecycle/session-lifecycle.js';
import type { EndReason, Session, TerminalSize } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import type { WatcherChange } from './four-eyes.js';
import type { ClientEnd } from './ports/client-end.js';
import type { TargetEnd } from './ports/target-connector.js';
import type { SessionFacts, WatchNotice } from './session-facts.js';
import type { HistoryReader } from './session-history.js';
import type { RecordTap } from './taps/record-tap.js';

export interface SessionOptions {
  readonly resumeWindowMs: number;
  readonly idleMs: number;
  readonly absoluteMs: number;
  /** Whether a session's user is told who watches. */
  readonly watchNotice: WatchNotice;
  /** How long a session whose host requires a watcher goes on without one. */
  readonly watcherGraceMs: number;
}
export interface SessionHooks {
  /** Stores the row as live; false or a throw ends the session. */
  live(liveAt: number): Promise<void>;
  /** `by`: who ended it, when that was not its own user. */
  over(state: 'ended' | 'failed', reason: EndReason, outputBytes: number, by: Principal | undefined): Promise<void>;
  /** Set: its host requires a watcher. Told from the start when there is none, and when there is one. */
  watcher?(change: WatcherChange): void;
  /** A step of the end failed. */
  fault(error: unknown): void;
}
export interface LiveSession {
  readonly row: Session;
  readonly state: Lifecycle['at'];
  readonly outputBytes: number;
  readonly attached: boolean;
  readonly facts: SessionFacts;
  /** Why it ends or ended. */
  readonly endReason: EndReason | undefined;
  /** Joins the ends: from here on the session is live. */
  goLive(target: TargetEnd): Promise<void>;
  /** A recorder that comes when the session is over is sealed at once. */
  setRecorder(recorder: RecordTap): void;
  recorder(): RecordTap | undefined;
  notice(notice: Notice): void;
  /** Takes the session over with another client end; what was missed comes from `history`. */
  resume(client: ClientEnd, size: TerminalSize, from: number | undefined, history: HistoryReader): Promise<void>;
  /**
   * The one way out. Idempotent: the first reason wins. Resolves when everything is closed and stored.
   * INVARIANT: the target is closed before it returns, whatever disk, client or host do.
   */
  end(reason: EndReason, by?: Principal): Promise<void>;
  /** Resolves when it is over and its target is closed and everybody told: before anything is sealed or stored. */
  readonly told: Promise<void>;
  recorderRelieved(): void;
}
