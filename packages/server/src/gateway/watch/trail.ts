/** What a trail is asked, what it answers, and what it needs. Made by screen-trail.ts. */
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { Thumbnail } from '@sallyport/core/terminal/thumbnail.js';
import type { ScreenFrame } from '@sallyport/core/wire/watch-frames.js';
import type { Clock } from '../ports/clock.js';
import type { Screens } from '../ports/screens.js';
import type { GapEntry } from './output-gap.js';

export interface Taken {
  readonly screen: ScreenFrame;
  /** What follows it up to now. Good in the turn in which the promise resolves. */
  after(): readonly GapEntry[];
}
export interface ScreenTrail {
  /** Output bytes so far. */
  readonly offset: number;
  /** Grows with every piece and every size. */
  readonly mark: number;
  output(bytes: Buffer): void;
  resize(size: TerminalSize): void;
  /** The screen as it is. undefined: it cannot be told now; ask again. Rejects when it cannot be told at all. */
  take(history: number): Promise<Taken | undefined>;
  picture(): Promise<Thumbnail | undefined>;
  close(): void;
}
export interface TrailDeps {
  readonly screens: Screens;
  readonly clock: Clock;
  /** Whether `recorded` would answer. */
  isRecorded(): boolean;
  /** Output and sizes from that offset on, up to what was printed by now; undefined: the session is not recorded. */
  recorded(from: number): Promise<AsyncIterable<RecordedEvent> | undefined>;
}
