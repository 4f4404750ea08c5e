/**
 * Recordings on durable storage. Written append-only by one writer per session, with group commit; readable while being
 * written, up to what is committed.
 *
 * Traps: `append` never blocks and never throws; a failure is told once by `onFailure`. `pressure` is true while more
 * than the writer's bound is queued: the session must pause its target, nothing is ever dropped.
 */
import type { RecordedEvent as CastEvent } from '@sallyport/core/cast/recorded-event.js';
import type { RecordingHeader as CastHeader } from '@sallyport/core/cast/recording-header.js';
import type { Recording, TerminalSize } from '@sallyport/core/model/session.js';

export type RecordingHeader = CastHeader;
export type RecordedEvent = CastEvent;

export interface RecordingWriter {
  /** `atMs`: milliseconds since the start, monotonic, never decreasing. */
  output(atMs: number, bytes: Uint8Array): void;
  resize(atMs: number, size: TerminalSize): void;
  /** A label at a moment, cut to MAX_LABEL_BYTES. */
  marker(atMs: number, label: string): void;
  /** For imports that ask for it. INVARIANT: a session never calls it. */
  input(atMs: number, bytes: Uint8Array): void;
  readonly pressure: boolean;
  /** Called each time pressure ends, and after a failure. One listener: the last. */
  onRelief(call: () => void): void;
  /** Called once, at once when it has failed already. After a failure nothing is written and pressure is false. */
  onFailure(call: (detail: string) => void): void;
  /** Makes all that was appended so far readable by `read`. Rejects after a failure. */
  flush(): Promise<void>;
  /** Seals, as truncated when `cut` says that more was there: the end event, last chunk, sync. Idempotent. Never rejects; a failure was told by `onFailure`. */
  seal(atMs: number, exitCode?: number, cut?: 'cut'): Promise<void>;
}

/** `end.damage.detail` of a reading that a deletion cut short. */
export const DELETED_WHILE_READ = 'the recording was deleted while it was read';

export interface RecordingStore {
  /** Rejects when nothing can be written (disk full, no permission): the session must not start. */
  create(header: RecordingHeader): Promise<RecordingWriter>;
  /** undefined: no such file. Reads the real file: state, size, duration as they are. */
  describe(sessionId: string): Promise<Recording | undefined>;
  header(sessionId: string): Promise<RecordingHeader | undefined>;
  /**
   * Events from output offset `from` on, in order; whole chunks before it are skipped, the first output is cut there.
   * With `from` above 0 a resize comes first and tells the size in force. The last event is `end`, but for a recording
   * still being written; `end.damage` locates what could not be read.
   */
  read(sessionId: string, from?: number): AsyncIterable<RecordedEvent>;
  /**
   * Raw container bytes [start, end), for range requests. `plain`: of an encrypted recording the same positions with the
   * payloads decrypted (docs/formats/recording.md); of others no difference.
   */
  readRaw(sessionId: string, start: number, end: number, view?: 'stored' | 'plain'): Promise<Uint8Array>;
  /** Recovers files a crash left open: cuts the torn tail, seals as truncated. Returns the sessions touched. */
  recover(isLive: (sessionId: string) => boolean): Promise<readonly string[]>;
  close(): Promise<void>;
}
