import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActivityMeter } from './activity-meter.js';
import { type Keyframe, KeyframeShelf } from './keyframe-shelf.js';
import type { RecordedEvent } from './recorded-event.js';
import { decodeReplayIndex, encodeReplayIndex, keyframeBefore, type ReplayIndex } from './replay-index.js';
import { decodeIndexPreamble, decodeKeyframeHeader, encodeIndexPreamble, encodeKeyframe } from './replay-index-file.js';

const keyframe = (n: number, more: Partial<Keyframe> = {}): Keyframe => ({
  atMs: n * 1000,
  offset: n * 70_000,
  position: n * 20_000,
  size: { cols: 80, rows: 24 },
  afterResize: false,
  spared: false,
  stored: new Uint8Array(10),
  ...more,
});
const index = (count: number): ReplayIndex => ({
  sessionId: 's',
  startedAt: 5,
  size: { cols: 80, rows: 24 },
  coveredBytes: 9,
  complete: true,
  outputBytes: 3,
  keyframes: Array.from({ length: count }, (_, n) => {
    const { atMs, offset, position } = keyframe(n + 1);
    return {
      atMs,
      offset,
      position,
      size: { cols: 80 - n, rows: 24 + n },
      afterResize: n % 3 === 0,
      at: n * 7,
      length: 7,
    };
  }),
  activity: new ActivityMeter().record(),
  markers: [{ atMs: 3, label: '记号' }],
  end: { atMs: 9_000, truncated: false },
});

describe('replay index', () => {
  it('comes back as it was', () => {
    for (const count of [0, 1, 9]) expect(decodeReplayIndex(encodeReplayIndex(index(count)))).toEqual(index(count));
  });

  it('F16: what is no index, of whatever form, is none and never throws', () => {
    const text = encodeReplayIndex(index(4));
    fc.assert(
      fc.property(fc.nat(text.length), fc.string({ maxLength: 3 }), (at, odd) => {
        const found = decodeReplayIndex(text.slice(0, at) + odd + text.slice(at + odd.length));
        if (found === undefined) return;
        expect(found.keyframes.every(({ atMs, offset, length }) => atMs >= 0 && offset >= 0 && length >= 0)).toBe(true);
      }),
    );
    for (const odd of ['', 'null', '[]', '{"version":1}', '{"version":2}'])
      expect(decodeReplayIndex(odd)).toBeUndefined();
  });

  it('finds the last keyframe at or before a moment', () => {
    const { keyframes } = index(5);
    expect(keyframeBefore(keyframes, 999)).toBeUndefined();
    expect(keyframeBefore(keyframes, 1_000)).toBe(keyframes[0]);
    expect(keyframeBefore(keyframes, 3_500)).toBe(keyframes[2]);
    expect(keyframeBefore(keyframes, 1e9)).toBe(keyframes[4]);
  });

  it('file: preamble and keyframe headers come back, others are refused', () => {
    const preamble = {
      thumbnailBytes: 3,
      tableBytes: 70_000,
      recordingBytes: 2 ** 40 + 5,
      head: new Uint8Array(32).fill(7),
    };
    const bytes = encodeIndexPreamble(preamble);
    expect(decodeIndexPreamble(bytes)).toEqual(preamble);
    for (const at of [0, 5, 8]) {
      const broken = bytes.slice();
      broken[at]! ^= 1;
      expect(decodeIndexPreamble(broken)).toBeUndefined();
    }
    const stored = encodeKeyframe({ offset: 2 ** 35, scrollback: 9_999, rawBytes: 12 }, Uint8Array.of(1, 2));
    expect(decodeKeyframeHeader(stored)).toEqual({ offset: 2 ** 35, scrollback: 9_999, rawBytes: 12 });
    expect(decodeKeyframeHeader(stored.subarray(1))).toBeUndefined();
  });
});

describe('keyframe shelf', () => {
  it('law: never holds more than its limits, and steps stay even', () => {
    const shelf = new KeyframeShelf({ keyframes: 64, bytes: 10_000 });
    let taken = 0;
    for (let n = 1; n < 20_000; n++) {
      const next = keyframe(n, { stored: new Uint8Array(100) });
      if (!shelf.isDue(next)) continue;
      taken += 1;
      shelf.add(next);
      expect(shelf.keyframes.length).toBeLessThanOrEqual(64);
    }
    expect(taken).toBeLessThan(64 * 12);
    const gaps = shelf.keyframes.map(({ offset }, n) => offset - (shelf.keyframes[n - 1]?.offset ?? 0));
    expect(Math.max(...gaps)).toBeLessThanOrEqual(2 * (shelf.step + 70_000));
  });

  it('keeps the first behind a change of size longer than others, and the last of several at one place', () => {
    const shelf = new KeyframeShelf({ keyframes: 8, bytes: 10_000 });
    shelf.add(keyframe(1, { afterResize: true, spared: true }));
    for (let n = 2; n < 60; n++) shelf.add(keyframe(n));
    expect(shelf.keyframes[0]?.atMs).toBe(1_000);
    shelf.add(keyframe(70, { size: { cols: 1, rows: 1 } }));
    shelf.add(keyframe(70, { size: { cols: 2, rows: 2 } }));
    expect(shelf.keyframes.at(-1)?.size).toEqual({ cols: 2, rows: 2 });
    expect(shelf.keyframes.at(-2)?.atMs).not.toBe(70_000);
  });

  it('a quiet recording has keyframes by time, one of many small chunks by its file', () => {
    const shelf = new KeyframeShelf();
    expect(shelf.isDue({ atMs: 11_000, offset: 5_000, position: 900 })).toBe(true);
    expect(shelf.isDue({ atMs: 11_000, offset: 500, position: 900 })).toBe(false);
    expect(shelf.isDue({ atMs: 5_000, offset: 5_000, position: 70_000 })).toBe(true);
  });
});

describe('activity meter', () => {
  const output = (atMs: number, length: number): RecordedEvent => ({
    type: 'output',
    atMs,
    offset: 0,
    bytes: new Uint8Array(length),
  });
  it('X22: sums all pauses and keeps the longest, in bounded memory', () => {
    const meter = new ActivityMeter();
    let atMs = 0;
    for (let n = 0; n < 10_000; n++) {
      atMs += 2_001 + (n % 100);
      meter.add(output(atMs, 1));
    }
    expect(meter.pauseCount).toBe(10_000);
    const record = meter.record();
    expect(record.pauses.length).toBeLessThanOrEqual(2 * 2_048);
    expect(Math.min(...meter.pauses.map(({ fromMs, toMs }) => toMs - fromMs))).toBeGreaterThan(2_050);
    expect(meter.savedMs).toBe(meter.idleMs - 10_000 * 2_000);
    expect(record.parts.reduce((sum, part) => sum + part, 0)).toBe(10_000);
  });

  it('X17: counts input where a recording keeps it, says nothing of it where it does not, and refuses a wrong count', () => {
    const meter = new ActivityMeter();
    meter.add(output(100, 10));
    expect(meter.inputColumns(10, 1_000)).toBeUndefined();
    expect(meter.record()).not.toHaveProperty('inputs');
    for (const atMs of [150, 160, 900]) meter.add({ type: 'input', atMs, offset: 10, bytes: new Uint8Array(3) });
    expect([...meter.inputColumns(10, 1_000)!]).toEqual([0, 2, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect([...meter.columns(10, 1_000)]).toEqual([0, 10, 0, 0, 0, 0, 0, 0, 0, 0]);
    // Wider parts hold the same.
    meter.add({ type: 'input', atMs: 3_600_000, offset: 10, bytes: new Uint8Array(1) });
    const record = meter.record();
    expect(record.inputs?.reduce((sum, count) => sum + count, 0)).toBe(4);
    expect(ActivityMeter.from(record)?.record()).toEqual(record);
    expect(ActivityMeter.from({ ...record, inputs: [-1] })).toBeUndefined();
    expect(ActivityMeter.from({ ...record, inputs: Array(2_049).fill(0) })).toBeUndefined();
  });

  it('law: goes on from its record as if it had never stopped', () => {
    const events = fc.array(fc.tuple(fc.nat(9_000), fc.nat(500)), { maxLength: 40 });
    fc.assert(
      fc.property(events, events, (before, after) => {
        const one = new ActivityMeter();
        let atMs = 0;
        const add = (meter: ActivityMeter, steps: readonly (readonly [number, number])[], from: number): void => {
          let now = from;
          for (const [pause, length] of steps) {
            now += pause;
            meter.add(
              length === 0 ? { type: 'resize', atMs: now, offset: 0, size: { cols: 9, rows: 9 } } : output(now, length),
            );
          }
        };
        add(one, before, 0);
        for (const [pause] of before) atMs += pause;
        const two = ActivityMeter.from(JSON.parse(JSON.stringify(one.record())))!;
        add(one, after, atMs);
        add(two, after, atMs);
        expect(two.record()).toEqual(one.record());
        expect(two.busiest).toEqual(one.busiest);
        expect([...two.columns(50, 100_000)]).toEqual([...one.columns(50, 100_000)]);
      }),
    );
  });
});
