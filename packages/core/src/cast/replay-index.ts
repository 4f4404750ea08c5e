/**
 * The table of a replay index (.spri): what a page needs to draw and seek a recording it has not read. It is derived and
 * no evidence: whoever doubts it deletes it. docs/formats/replay-index.md gives every field.
 *
 * JSON, as columns of differences: that gzips to a fraction of fixed fields, and a reader needs no decoder of its own.
 * Decoding checks everything it will be used for, as the file may be of another version or half written.
 */
import { clampSize, type TerminalSize } from '../model/session.js';
import { ActivityMeter, type ActivityRecord } from './activity-meter.js';
import type { RecordingMoment } from './keyframe-shelf.js';
import type { Damage } from './recorded-event.js';

export interface KeyframeEntry extends RecordingMoment {
  readonly size: TerminalSize;
  /** Changes of size that stand at this very place are part of it; others are applied on top. */
  readonly afterResize: boolean;
  /** Where it is stored, from the first keyframe on, and how long. */
  readonly at: number;
  readonly length: number;
}
export interface ReplayEnd {
  readonly atMs: number;
  readonly truncated: boolean;
  readonly exitCode?: number;
  readonly damage?: Damage;
}
export interface IndexedMarker {
  readonly atMs: number;
  readonly label: string;
}
/** Further ones are still in the recording. */
export const MAX_INDEXED_MARKERS = 500;
export interface ReplayIndex {
  readonly sessionId: string;
  /** UTC ms of time 0. */
  readonly startedAt: number;
  readonly size: TerminalSize;
  /** Bytes of the recording's file that were read. */
  readonly coveredBytes: number;
  /** Everything is covered and nothing will come. */
  readonly complete: boolean;
  readonly outputBytes: number;
  readonly keyframes: readonly KeyframeEntry[];
  readonly activity: ActivityRecord;
  /** The first of those that an imported file brought. */
  readonly markers?: readonly IndexedMarker[];
  /** Known once the end was read. */
  readonly end?: ReplayEnd;
}

export function encodeReplayIndex(index: ReplayIndex): string {
  const { keyframes, ...rest } = index;
  const differences = (values: readonly number[]): number[] => values.map((value, n) => value - (values[n - 1] ?? 0));
  const us = (ms: number): number => Math.round(ms * 1000);
  return JSON.stringify({
    version: 1,
    ...rest,
    keyframes: {
      us: differences(keyframes.map(({ atMs }) => us(atMs))),
      offset: differences(keyframes.map(({ offset }) => offset)),
      position: differences(keyframes.map(({ position }) => position)),
      length: keyframes.map(({ length }) => length),
      cols: differences(keyframes.map(({ size }) => size.cols)),
      rows: differences(keyframes.map(({ size }) => size.rows)),
      afterResize: keyframes.flatMap(({ afterResize }, n) => (afterResize ? [n] : [])),
    },
  });
}

/** undefined: not one this reader can use. */
export function decodeReplayIndex(text: string): ReplayIndex | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value) || value.version !== 1) return undefined;
  const { sessionId, startedAt, size, coveredBytes, complete, outputBytes, activity, keyframes, markers, end } = value;
  if (typeof sessionId !== 'string' || typeof complete !== 'boolean' || !isRecord(size) || !isRecord(keyframes))
    return undefined;
  if (!isCount(startedAt) || !isCount(coveredBytes) || !isCount(outputBytes)) return undefined;
  const meter = isActivity(activity) ? ActivityMeter.from(activity) : undefined;
  const entries = decodeKeyframes(keyframes);
  if (!meter || !entries) return undefined;
  return {
    sessionId,
    startedAt,
    size: clampSize(size.cols, size.rows),
    coveredBytes,
    complete,
    outputBytes,
    keyframes: entries,
    activity: activity as ActivityRecord,
    markers: Array.isArray(markers) ? markers.filter(isMarker).slice(0, MAX_INDEXED_MARKERS) : [],
    ...(isEnd(end) ? { end } : {}),
  };
}

function decodeKeyframes(columns: Record<string, unknown>): KeyframeEntry[] | undefined {
  const column = (name: string): readonly number[] | undefined => {
    const values = columns[name];
    return Array.isArray(values) && values.every(Number.isSafeInteger) ? (values as number[]) : undefined;
  };
  const [us, offset, position, length] = ['us', 'offset', 'position', 'length'].map(column);
  const [cols, rows, marked] = ['cols', 'rows', 'afterResize'].map(column);
  if (!us || !offset || !position || !length || !cols || !rows || !marked) return undefined;
  if ([offset, position, length, cols, rows].some((values) => values.length !== us.length)) return undefined;
  // Sizes may fall, everything else only rises.
  if ([us, offset, position, length].some((values) => values.some((value) => value < 0))) return undefined;
  const afterResize = new Set(marked);
  const sum = { us: 0, offset: 0, position: 0, at: 0, cols: 0, rows: 0 };
  return us.map((_, n) => {
    sum.us += us[n]!;
    sum.offset += offset[n]!;
    sum.position += position[n]!;
    sum.cols += cols[n]!;
    sum.rows += rows[n]!;
    const at = sum.at;
    sum.at += length[n]!;
    return {
      atMs: sum.us / 1000,
      offset: sum.offset,
      position: sum.position,
      size: clampSize(sum.cols, sum.rows),
      afterResize: afterResize.has(n),
      at,
      length: length[n]!,
    };
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isCounts = (value: unknown): boolean => Array.isArray(value) && value.every(isCount);
const isActivity = (value: unknown): value is ActivityRecord =>
  isRecord(value) &&
  ['parts', 'pauses', 'resizes'].every((name) => isCounts(value[name])) &&
  (value.inputs === undefined || isCounts(value.inputs));
const isMarker = (value: unknown): value is IndexedMarker =>
  isRecord(value) && isCount(value.atMs) && typeof value.label === 'string';
const isEnd = (value: unknown): value is ReplayEnd =>
  isRecord(value) && isCount(value.atMs) && typeof value.truncated === 'boolean';

/** The last keyframe from which `atMs` can be reached: a moment shows all that happened up to it, itself included. */
export function keyframeBefore(keyframes: readonly KeyframeEntry[], atMs: number): KeyframeEntry | undefined {
  let low = 0;
  let high = keyframes.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keyframes[middle]!.atMs <= atMs) low = middle + 1;
    else high = middle;
  }
  return keyframes[low - 1];
}
