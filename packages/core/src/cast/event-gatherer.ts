/**
 * Gathers events into a slab lent by the caller: one type byte, two varints and one copy per event, nothing allocated.
 * The slab leaves room for the chunk's header in front and its trailer behind, so a full slab is a chunk without a
 * further copy. Time is clamped here: it never goes back, whatever the caller's clock does (X20).
 * Rival: an array of event objects encoded later; it costs garbage and a second copy per event.
 */
import { SIZE_MAX, SIZE_MIN, type TerminalSize } from '../model/session.js';
import { CHUNK_HEADER_BYTES, CHUNK_TRAILER_BYTES, EVENT_TYPE, MAX_LABEL_BYTES } from './container.js';

/** Type, delta of up to 53 bits, length of up to 32 bits. */
const MAX_EVENT_HEAD_BYTES = 1 + 8 + 5;
/** Below this, an output event is not begun in a slab's rest: a sliver costs more than it saves. */
const LEAST_PIECE_BYTES = 64;
/** Holds the smallest piece of output; markers need MIN_SLAB_BYTES + MAX_LABEL_BYTES. */
export const MIN_SLAB_BYTES = CHUNK_HEADER_BYTES + CHUNK_TRAILER_BYTES + MAX_EVENT_HEAD_BYTES + LEAST_PIECE_BYTES;

/** A filled slab: payload at CHUNK_HEADER_BYTES, and what its header will say. */
export interface Gathered {
  readonly slab: Uint8Array;
  readonly payloadBytes: number;
  /** In force at its start, and after its last event. */
  readonly size: TerminalSize;
  readonly endSize: TerminalSize;
  readonly firstUs: number;
  readonly lastUs: number;
  readonly offset: number;
  readonly outputBytes: number;
}

export class EventGatherer {
  /** Of the recording so far. */
  size: TerminalSize;
  lastUs = 0;
  offset = 0;
  private slab: Uint8Array | undefined;
  private fill = 0;
  private limit = 0;
  private startSize: TerminalSize;
  private startUs = 0;
  private startOffset = 0;

  constructor(size: TerminalSize) {
    this.size = size;
    this.startSize = size;
  }

  get hasSlab(): boolean {
    return this.slab !== undefined;
  }

  lend(slab: Uint8Array): void {
    if (slab.length < MIN_SLAB_BYTES) throw new RangeError(`a slab needs ${MIN_SLAB_BYTES} bytes`);
    this.slab = slab;
    this.fill = CHUNK_HEADER_BYTES;
    this.limit = slab.length - CHUNK_TRAILER_BYTES;
    this.startSize = this.size;
    this.startOffset = this.offset;
  }

  /** Takes bytes from `from` on; returns how many went in. Fewer than all: take the slab and lend another. */
  output(atUs: number, bytes: Uint8Array, from: number, type: number = EVENT_TYPE.OUTPUT): number {
    if (this.slab === undefined) return 0;
    const room = this.limit - this.fill - MAX_EVENT_HEAD_BYTES;
    const left = bytes.length - from;
    if (left === 0 || (room < left && room < LEAST_PIECE_BYTES)) return 0;
    const take = Math.min(room, left);
    this.head(type, atUs, take);
    this.slab.set(take === bytes.length ? bytes : bytes.subarray(from, from + take), this.fill);
    this.fill += take;
    this.offset += take;
    return take;
  }

  /** False: no room, take the slab and lend another. */
  resize(atUs: number, size: TerminalSize): boolean {
    if (this.slab === undefined || this.limit - this.fill < MAX_EVENT_HEAD_BYTES + 4) return false;
    const { cols, rows } = size;
    if (!(cols >= SIZE_MIN && cols <= SIZE_MAX && rows >= SIZE_MIN && rows <= SIZE_MAX))
      throw new RangeError(`a size outside ${SIZE_MIN}..${SIZE_MAX}`);
    this.head(EVENT_TYPE.RESIZE, atUs, 4);
    const { slab } = this;
    slab[this.fill++] = cols >>> 8;
    slab[this.fill++] = cols & 0xff;
    slab[this.fill++] = rows >>> 8;
    slab[this.fill++] = rows & 0xff;
    this.size = { cols, rows };
    return true;
  }

  /** False: no room, take the slab and lend another. A label is at most MAX_LABEL_BYTES long. */
  marker(atUs: number, label: Uint8Array): boolean {
    if (label.length > MAX_LABEL_BYTES) throw new RangeError(`a label is at most ${MAX_LABEL_BYTES} bytes long`);
    if (this.slab === undefined || this.limit - this.fill < MAX_EVENT_HEAD_BYTES + label.length) return false;
    this.head(EVENT_TYPE.MARKER, atUs, label.length);
    this.slab.set(label, this.fill);
    this.fill += label.length;
    return true;
  }

  /** As `output`, but counted by no offset. */
  input(atUs: number, bytes: Uint8Array, from: number): number {
    const before = this.offset;
    const taken = this.output(atUs, bytes, from, EVENT_TYPE.INPUT);
    this.offset = before;
    return taken;
  }

  /** Hands the slab back with what it holds; undefined when it holds nothing (an empty slab stays lent). */
  take(): Gathered | undefined {
    const { slab } = this;
    if (slab === undefined || this.fill === CHUNK_HEADER_BYTES) return undefined;
    this.slab = undefined;
    return {
      slab,
      payloadBytes: this.fill - CHUNK_HEADER_BYTES,
      size: this.startSize,
      endSize: this.size,
      firstUs: this.startUs,
      lastUs: this.lastUs,
      offset: this.startOffset,
      outputBytes: this.offset - this.startOffset,
    };
  }

  private head(type: number, atUs: number, length: number): void {
    let us = this.lastUs;
    if (atUs > us) us = atUs; // not Math.max: NaN must not pass
    // The first event's time stands in the chunk's header; the others are deltas.
    if (this.fill === CHUNK_HEADER_BYTES) {
      this.startUs = us;
      this.lastUs = us;
    }
    this.slab![this.fill++] = type;
    this.varint(us - this.lastUs);
    this.varint(length);
    this.lastUs = us;
  }

  private varint(value: number): void {
    const slab = this.slab!;
    let rest = value;
    while (rest >= 0x80) {
      slab[this.fill++] = (rest % 0x80) | 0x80;
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 0x80);
    }
    slab[this.fill++] = rest;
  }
}
