/**
 * Recordings on durable storage. Written append-only by one writer per session, with group commit; readable while being
 * written, up to what is committed.
 *
 * Traps: `append` never blocks and never throws; a failure is told once by `onFailure`. `pressure` is true while more
 * than the writer's bound is queued: the session must pause its target, nothing is ever dropped.
 */
import type { Recording, TerminalSize } from '@sallyport/core/model/session.js';

export interface RecordingHeader {
  readonly sessionId: string;
  /** UTC ms of the first event. */
  readonly startedAt: number;
  readonly size: TerminalSize;
  readonly term: string;
  readonly title: string;
  readonly userName: string;
  readonly hostName: string;
  readonly login: string;
}

export interface RecordingWriter {
  /** `atMs`: milliseconds since the start, monotonic, never decreasing. */
  output(atMs: number, bytes: Uint8Array): void;
  resize(atMs: number, size: TerminalSize): void;
  readonly pressure: boolean;
  onRelief(call: () => void): void;
  onFailure(call: (detail: string) => void): void;
  /** Makes all that was appended so far readable by `read`. */
  flush(): Promise<void>;
  /** Seals: the end event, last chunk, sync. Idempotent. Never rejects; a failure was told by `onFailure`. */
  seal(atMs: number): Promise<void>;
}

export type RecordedEvent =
  | { readonly type: 'output'; readonly atMs: number; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly type: 'resize'; readonly atMs: number; readonly offset: number; readonly size: TerminalSize }
  | { readonly type: 'end'; readonly atMs: number; readonly offset: number };

export interface RecordingStore {
  /** Rejects when nothing can be written (disk full, no permission): the session must not start. */
  create(header: RecordingHeader): Promise<RecordingWriter>;
  /** undefined: no such file. Reads the real file: state, size, duration as they are. */
  describe(sessionId: string): Promise<Recording | undefined>;
  header(sessionId: string): Promise<RecordingHeader | undefined>;
  /** Events from output offset `from` on (whole chunks before it are skipped), in order. */
  read(sessionId: string, from?: number): AsyncIterable<RecordedEvent>;
  /** Raw container bytes [start, end), for range requests. */
  readRaw(sessionId: string, start: number, end: number): Promise<Uint8Array>;
  /** Recovers files a crash left open: cuts the torn tail, seals as truncated. Returns the sessions touched. */
  recover(isLive: (sessionId: string) => boolean): Promise<readonly string[]>;
  close(): Promise<void>;
}
