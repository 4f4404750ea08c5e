/** What the strip under a replay shows: how much output when, where nothing happened, where the size changed. */
import {
  ActivityMeter,
  type ActivityRecord,
  type Pause,
  type SizeChange,
} from '@sallyport/core/cast/activity-meter.js';

export interface Activity {
  readonly lastMs: number;
  /** Pauses worth skipping; of very many the longest. */
  readonly idle: readonly Pause[];
  readonly resizes: readonly SizeChange[];
  /** What skipping idle time saves in all. */
  readonly savedMs: number;
  readonly totalIdleMs: number;
  /** Length without idle. */
  readonly activeMs: number;
  /** The part of the time with the most output. */
  readonly busiest: Pause | undefined;
  /** Output bytes in each of `count` equal parts of the time. */
  columns(count: number, durationMs: number): Float64Array;
  /** Input events in each; undefined: the recording kept no input. */
  inputColumns(count: number, durationMs: number): Float64Array | undefined;
}

export const activityOf = (meter: ActivityMeter): Activity => ({
  lastMs: meter.lastMs,
  idle: meter.pauses,
  resizes: meter.resizes,
  savedMs: meter.savedMs,
  totalIdleMs: meter.idleMs,
  activeMs: meter.lastMs - meter.idleMs,
  busiest: meter.busiest,
  columns: (count, durationMs) => meter.columns(count, durationMs),
  inputColumns: (count, durationMs) => meter.inputColumns(count, durationMs),
});

export const noActivity = (): Activity => activityOf(new ActivityMeter());
export const activityOfRecord = (record: ActivityRecord): Activity =>
  activityOf(ActivityMeter.from(record) ?? new ActivityMeter());
