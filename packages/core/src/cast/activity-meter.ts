/**
 * What happened when in a recording, gathered in one pass and in bounded memory: output in equal parts of the time, the
 * pauses, the changes of size, the busiest part. The histogram has a fixed number of parts and doubles their width when
 * time outgrows them, so a recording of a month takes the memory of one of a minute. Of very many pauses the longest
 * are kept; their sums count all.
 */
import type { TerminalSize } from '../model/session.js';
import type { RecordedEvent } from './recorded-event.js';

/** A pause longer than this is idle; skipping plays this much of it. X22: idle cap 2 s. */
export const IDLE_CAP_MS = 2_000;
const PARTS = 2_048;
const FIRST_PART_MS = 50;
const MAX_PAUSES = 2_048;
const MAX_RESIZES = 2_048;

export interface Pause {
  readonly fromMs: number;
  readonly toMs: number;
}
export interface SizeChange {
  readonly atMs: number;
  readonly size: TerminalSize;
}
/** As stored in a replay index. */
export interface ActivityRecord {
  readonly lastMs: number;
  readonly partMs: number;
  /** Output bytes in each part, up to the last that has some. */
  readonly parts: readonly number[];
  /** From and to of each pause, one after the other. */
  readonly pauses: readonly number[];
  readonly pauseCount: number;
  readonly idleMs: number;
  /** Time, columns and rows of each, one after the other. */
  readonly resizes: readonly number[];
  readonly resizeCount: number;
  /** Input events in each part, where the recording kept input: files that were imported with it. */
  readonly inputs?: readonly number[];
}

export class ActivityMeter {
  lastMs = 0;
  pauses: Pause[] = [];
  pauseCount = 0;
  /** Sum of all pauses. */
  idleMs = 0;
  resizes: SizeChange[] = [];
  resizeCount = 0;
  private parts: Float64Array = new Float64Array(PARTS);
  private inputs: Float64Array = new Float64Array(PARTS);
  private partMs = FIRST_PART_MS;

  /** Goes on from a record; a broken one is refused with undefined. */
  static from(record: ActivityRecord): ActivityMeter | undefined {
    const meter = new ActivityMeter();
    const { lastMs, partMs, parts, pauses, pauseCount, idleMs, resizes, resizeCount, inputs = [] } = record;
    const numbers = [lastMs, partMs, pauseCount, idleMs, resizeCount, ...parts, ...pauses, ...resizes, ...inputs];
    if (!numbers.every((value) => Number.isFinite(value) && value >= 0) || partMs <= 0) return undefined;
    if (parts.length > PARTS || inputs.length > PARTS) return undefined;
    if (pauses.length > 2 * MAX_PAUSES || resizes.length > 3 * MAX_RESIZES) return undefined;
    Object.assign(meter, { lastMs, pauseCount, idleMs, resizeCount });
    meter.partMs = partMs;
    meter.parts.set(parts);
    meter.inputs.set(inputs);
    for (let n = 0; n + 1 < pauses.length; n += 2) meter.pauses.push({ fromMs: pauses[n]!, toMs: pauses[n + 1]! });
    for (let n = 0; n + 2 < resizes.length; n += 3)
      meter.resizes.push({ atMs: resizes[n]!, size: { cols: resizes[n + 1]!, rows: resizes[n + 2]! } });
    return meter;
  }

  /** What skipping idle time saves in all. */
  get savedMs(): number {
    return this.idleMs - this.pauseCount * IDLE_CAP_MS;
  }

  add(event: RecordedEvent): void {
    const { atMs } = event;
    this.reach(atMs);
    if (event.type === 'resize') {
      this.resizeCount += 1;
      if (this.resizes.length < MAX_RESIZES) this.resizes.push({ atMs, size: event.size });
    } else if (event.type === 'output' || event.type === 'input') {
      while (atMs >= this.partMs * PARTS) this.widen();
      const part = Math.floor(atMs / this.partMs);
      if (event.type === 'output') this.parts[part]! += event.bytes.length;
      else this.inputs[part]! += 1;
    }
  }

  /** Time went on to here; what follows the last event is a pause too. */
  reach(atMs: number): void {
    const pause = atMs - this.lastMs;
    if (pause > IDLE_CAP_MS) {
      this.pauseCount += 1;
      this.idleMs += pause;
      this.pauses.push({ fromMs: this.lastMs, toMs: atMs });
      if (this.pauses.length >= 2 * MAX_PAUSES) this.keepLongest();
    }
    if (pause > 0) this.lastMs = atMs;
  }

  /** Output bytes in each of `count` equal parts of the time. */
  columns(count: number, durationMs: number): Float64Array {
    return this.gathered(this.parts, count, durationMs);
  }

  /** Input events in each; undefined: none were kept. */
  inputColumns(count: number, durationMs: number): Float64Array | undefined {
    return this.inputs.some((events) => events > 0) ? this.gathered(this.inputs, count, durationMs) : undefined;
  }

  /** The part of the time with the most output. */
  get busiest(): Pause | undefined {
    let best = 0;
    for (let n = 1; n < PARTS; n++) if (this.parts[n]! > this.parts[best]!) best = n;
    if (this.parts[best] === 0) return undefined;
    return { fromMs: best * this.partMs, toMs: Math.min(this.lastMs, (best + 1) * this.partMs) };
  }

  record(): ActivityRecord {
    this.keepLongest();
    const inputs = used(this.inputs);
    return {
      lastMs: this.lastMs,
      partMs: this.partMs,
      parts: [...used(this.parts)],
      pauses: this.pauses.flatMap(({ fromMs, toMs }) => [fromMs, toMs]),
      pauseCount: this.pauseCount,
      idleMs: this.idleMs,
      resizes: this.resizes.flatMap(({ atMs, size }) => [atMs, size.cols, size.rows]),
      resizeCount: this.resizeCount,
      ...(inputs.length === 0 ? {} : { inputs: [...inputs] }),
    };
  }

  private gathered(parts: Float64Array, count: number, durationMs: number): Float64Array {
    const columns = new Float64Array(count);
    if (durationMs <= 0) return columns;
    const last = Math.min(PARTS, Math.ceil(this.lastMs / this.partMs) + 1);
    for (let n = 0; n < last; n++) {
      if (parts[n] === 0) continue;
      const column = Math.floor(((n + 0.5) * this.partMs * count) / durationMs);
      columns[Math.min(count - 1, column)]! += parts[n]!;
    }
    return columns;
  }

  private keepLongest(): void {
    if (this.pauses.length <= MAX_PAUSES) return;
    const length = ({ fromMs, toMs }: Pause): number => toMs - fromMs;
    const kept = [...this.pauses].sort((a, b) => length(b) - length(a)).slice(0, MAX_PAUSES);
    this.pauses = kept.sort((a, b) => a.fromMs - b.fromMs);
  }

  private widen(): void {
    this.parts = halved(this.parts);
    this.inputs = halved(this.inputs);
    this.partMs *= 2;
  }
}

/** Without the empty parts at the end. */
function used(parts: Float64Array): Float64Array {
  let length = parts.length;
  while (length > 0 && parts[length - 1] === 0) length -= 1;
  return parts.subarray(0, length);
}
function halved(parts: Float64Array): Float64Array {
  const wider = new Float64Array(PARTS);
  for (let n = 0; n < PARTS; n++) wider[n >>> 1]! += parts[n]!;
  return wider;
}
