/**
 * Recordings drawn by an emulator, away from the thread that relays sessions: as text to read, as a moving picture, and
 * as the screen with which a part of a recording begins.
 *
 * Traps: everything before the part is drawn too, unseen, so a part late in a long recording takes its time. Give up by
 * leaving the iteration, or by `signal`; the thread then ends. Few are drawn at once: `unavailable` beyond that.
 */
import type { Result } from '@sallyport/core/model/problem.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { RecordedEvent, RecordingHeader } from './recording-store.js';

export interface RecordingPart {
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}
export interface RenderRequest {
  readonly header: RecordingHeader;
  readonly events: AsyncIterable<RecordedEvent>;
  readonly part: RecordingPart;
  readonly signal: AbortSignal;
}
export interface OpenedPart {
  /** The screen at the part's beginning: its size, and bytes that draw it. */
  readonly size: TerminalSize;
  readonly bytes: Uint8Array;
  /** What comes then, to the part's end; times are still those of the recording. */
  readonly events: AsyncIterable<RecordedEvent>;
}

export interface RecordingRenderer {
  text(request: RenderRequest): Promise<Result<AsyncIterable<string>>>;
  /** Whole, as it may be too large: `export.too-long` tells up to where it would fit. */
  svg(request: RenderRequest): Promise<Result<string>>;
  part(request: RenderRequest): Promise<Result<OpenedPart>>;
  close(): Promise<void>;
}
