/**
 * Emulators that see a session's output without a page, away from the thread that relays it: for the screen as it is
 * now, and for the replay index of a recording.
 *
 * Traps: bytes given are handed over; do not write to them afterwards. Everything on one screen or draft happens in the
 * order it was asked. After `close` of the whole, or when a worker has died, promises reject.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { ScreenSnapshot } from '@sallyport/core/terminal/snapshot.js';
import type { Thumbnail } from '@sallyport/core/terminal/thumbnail.js';

export interface PlacedSnapshot extends ScreenSnapshot {
  /** Output bytes that are on the snapshot. */
  readonly offset: number;
  /** Bytes written after those, that could not be part of it: an escape sequence or text that may go on. */
  readonly tail: Uint8Array;
  /** See Screen. */
  readonly scrolledFull: boolean;
}

export interface Screen {
  /** `offset`: of the first byte, when some before it were left out. */
  write(bytes: Uint8Array, offset?: number): void;
  /** At this point of what was written. */
  resize(size: TerminalSize): void;
  /**
   * Snapshot, then tail, then what is written from now on: together the same screen. undefined: the output stands in a
   * string that is too long to be held back. `history`: how many of the lines that have scrolled away come with it; they
   * cost far more than the screen.
   */
  snapshot(history?: number): Promise<PlacedSnapshot | undefined>;
  /**
   * Nothing is half said, the whole screen scrolls and its scrollback is full: of plain lines that follow only the last
   * leave a trace.
   */
  scrolledFull(): Promise<boolean>;
  /** To be drawn small. */
  picture(atMs: number): Promise<Thumbnail>;
  /** Bytes given and not parsed yet: for back-pressure. */
  readonly unparsed: number;
  /** When all that was given is parsed. */
  settled(): Promise<void>;
  close(): void;
}

/** A replay index that grows as the recording is given to it. */
export interface IndexDraft {
  /** The next bytes of the container. Resolves when they are taken in; false: nothing more is wanted, the end was read. */
  add(bytes: Uint8Array): Promise<boolean>;
  /** The recording ends here without an end of its own. */
  cutOff(): Promise<void>;
  /** The table so far, gzipped. undefined: no header was read yet. */
  table(): Promise<Uint8Array | undefined>;
  /** Keyframes as stored, from the first one on; fewer at the end. */
  keyframes(start: number, end: number): Promise<Uint8Array>;
  thumbnail(): Promise<Thumbnail | undefined>;
  /** The whole as a file, bound to that state of the recording. */
  file(recordingBytes: number, head: Uint8Array): Promise<Uint8Array | undefined>;
  close(): void;
}

export interface Screens {
  /** `scrollback`: lines, as in the page's emulator when none are given. `offset`: of the first byte that will be written. */
  open(size: TerminalSize, options?: { readonly scrollback?: number; readonly offset?: number }): Screen;
  /** One that goes on from a snapshot and its tail. */
  reopen(from: PlacedSnapshot): Screen;
  /** Starts what takes long to start; screens opened later are there at once. */
  warm(): void;
  index(): IndexDraft;
  close(): Promise<void>;
}
