/**
 * Reads a recording once, from front to end, and gathers its replay index: keyframes from an emulator that sees all the
 * bytes, activity, and the screen of the busiest moment. Memory is that of the emulator plus the shelf's bound, whatever
 * the length. What it made so far is whole at every time, so that a page can seek in the part that was read.
 *
 * The emulator and gzip are arguments. It runs in a worker: parsing a gigabyte takes a minute.
 */
import type { TerminalSize } from '../model/session.js';
import { createGroundScanner } from '../terminal/ground-scanner.js';
import type { ScreenView } from '../terminal/screen-view.js';
import { takeSnapshot } from '../terminal/snapshot.js';
import { type Thumbnail, thumbnailOf } from '../terminal/thumbnail.js';
import { ActivityMeter } from './activity-meter.js';
import { type ChunkHeader, chunkBytes } from './chunk-header.js';
import { KeyframeShelf, type RecordingMoment } from './keyframe-shelf.js';
import type { RecordedEvent } from './recorded-event.js';
import type { RecordingHeader } from './recording-header.js';
import { type IndexedMarker, MAX_INDEXED_MARKERS, type ReplayEnd, type ReplayIndex } from './replay-index.js';
import { encodeKeyframe } from './replay-index-file.js';

/** A larger snapshot is not worth its place: an odd screen of a thousand by a thousand. */
const MAX_SNAPSHOT_BYTES = 4 * 1024 * 1024;
/** Moments of this length compete for the thumbnail; a new one must beat the best by a quarter, so few are drawn. */
const MOMENT_MS = 2_000;
const BEATS = 1.25;

export interface IndexedEmulator {
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  view(): ScreenView;
  dispose(): void;
}
export interface IndexTools {
  emulator(size: TerminalSize): IndexedEmulator;
  gzip(bytes: Uint8Array): Uint8Array;
}

export class ReplayIndexBuilder {
  readonly shelf: KeyframeShelf;
  readonly activity = new ActivityMeter();
  thumbnail: Thumbnail | undefined;
  end: ReplayEnd | undefined;
  private readonly tools: IndexTools;
  private readonly markers: IndexedMarker[] = [];
  private readonly scanner = createGroundScanner();
  private emulator: IndexedEmulator | undefined;
  private header: RecordingHeader | undefined;
  private outputBytes = 0;
  private coveredBytes = 0;
  /** A size changed and no keyframe stands behind it yet. */
  private resized = false;
  private moment = { number: 0, bytes: 0, best: 0 };

  constructor(tools: IndexTools, limits?: { readonly keyframes: number; readonly bytes: number }) {
    this.tools = tools;
    this.shelf = new KeyframeShelf(limits);
  }

  begin(header: RecordingHeader): void {
    this.header = header;
    this.emulator = this.tools.emulator(header.size);
  }

  /** The chunks come in order and none is left out. */
  chunk(header: ChunkHeader, position: number, events: readonly RecordedEvent[]): void {
    const next = position + chunkBytes(header);
    for (const [n, event] of events.entries()) {
      this.competeUntil(event.atMs);
      this.activity.add(event);
      // What follows the last event stands in the next chunk.
      const after = n === events.length - 1 ? next : position;
      if (event.type === 'marker' && this.markers.length < MAX_INDEXED_MARKERS)
        this.markers.push({ atMs: event.atMs, label: event.label });
      if (event.type === 'output') this.output(event.bytes, event.atMs, position, after);
      else if (event.type === 'resize') {
        this.emulator?.resize(event.size);
        this.resized = true;
        // At a prompt, text stands before it: only a combining mark right behind a change of size would go astray.
        this.take({ atMs: event.atMs, offset: this.outputBytes, position: after }, this.scanner.ground, true);
      }
    }
    this.coveredBytes = next;
  }

  /** A chunk that holds no events. */
  pass(header: ChunkHeader, position: number): void {
    this.coveredBytes = position + chunkBytes(header);
  }

  finish(end: ReplayEnd): void {
    this.activity.reach(end.atMs);
    this.competeUntil(Number.POSITIVE_INFINITY);
    this.end = end;
  }

  dispose(): void {
    this.emulator?.dispose();
    this.emulator = undefined;
  }

  get index(): ReplayIndex | undefined {
    const { header, end } = this;
    if (header === undefined) return undefined;
    let at = 0;
    const keyframes = this.shelf.keyframes.map(({ stored, spared: _, ...keyframe }) => {
      const entry = { ...keyframe, at, length: stored.length };
      at += stored.length;
      return entry;
    });
    return {
      sessionId: header.sessionId,
      startedAt: header.startedAt,
      size: header.size,
      coveredBytes: this.coveredBytes,
      complete: end !== undefined,
      outputBytes: this.outputBytes,
      keyframes,
      activity: this.activity.record(),
      markers: this.markers,
      ...(end === undefined ? {} : { end }),
    };
  }

  private output(bytes: Uint8Array, atMs: number, position: number, after: number): void {
    this.moment.bytes += bytes.length;
    const safe = this.scanner.push(bytes);
    const due =
      safe >= 0 && (this.resized || this.shelf.isDue({ atMs, offset: this.outputBytes + bytes.length, position }));
    if (!due) {
      this.emulator?.write(bytes);
      this.outputBytes += bytes.length;
      return;
    }
    this.emulator?.write(bytes.subarray(0, safe));
    const whole = safe === bytes.length;
    this.take({ atMs, offset: this.outputBytes + safe, position: whole ? after : position }, true, false);
    this.emulator?.write(bytes.subarray(safe));
    this.outputBytes += bytes.length;
  }

  private take(moment: RecordingMoment, safe: boolean, afterResize: boolean): void {
    if (!safe || this.emulator === undefined) return;
    const snapshot = takeSnapshot(this.emulator.view());
    if (snapshot.bytes.length > MAX_SNAPSHOT_BYTES) return;
    const { scrollback, size } = snapshot;
    const head = { offset: moment.offset, scrollback, rawBytes: snapshot.bytes.length };
    const stored = encodeKeyframe(head, this.tools.gzip(snapshot.bytes));
    this.shelf.add({ ...moment, size, afterResize, spared: this.resized, stored });
    this.resized = false;
  }

  /** Draws the screen at the end of a moment that beats all before, before the next one changes it. */
  private competeUntil(atMs: number): void {
    const { moment } = this;
    const number = Math.floor(atMs / MOMENT_MS);
    if (number === moment.number) return;
    if (moment.bytes > moment.best * BEATS && this.emulator) {
      moment.best = moment.bytes;
      this.thumbnail = thumbnailOf(this.emulator.view(), this.activity.lastMs);
    }
    moment.number = number;
    moment.bytes = 0;
  }
}
