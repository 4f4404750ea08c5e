import { FRAME, HEADER_BYTES, MAX_OUTPUT_FRAME_BYTES } from '@sallyport/core/wire/terminal-frames.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createOutputGather, GATHER_MS, PROMPT_BYTES } from './output-gather.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function gathering() {
  const frames: Buffer[] = [];
  return { frames, gather: createOutputGather(7, (frame) => frames.push(frame)) };
}
const key = Buffer.from('x');
const packet = Buffer.alloc(4096, 'a');

describe('output gathering', () => {
  it('lets echoed keys leave at once, however fast they come', () => {
    const { frames, gather } = gathering();
    for (let count = 1; count <= 20; count++) {
      gather.push(key);
      expect(frames).toHaveLength(count);
    }
    vi.advanceTimersByTime(GATHER_MS * 3);
    gather.push(key);
    expect(frames).toHaveLength(21);
  });

  it('joins a flood: one frame per window after the first', () => {
    const { frames, gather } = gathering();
    for (let count = 0; count < 10; count++) gather.push(packet);
    expect(frames).toHaveLength(1);
    vi.advanceTimersByTime(GATHER_MS);
    expect(frames).toHaveLength(2);
    expect(frames[1]).toHaveLength(HEADER_BYTES + 9 * packet.length);
  });

  it('takes many small outputs in one window for the burst they are', () => {
    const { frames, gather } = gathering();
    for (let count = 0; count < 40; count++) gather.push(Buffer.alloc(100));
    expect(frames).toHaveLength(Math.floor(PROMPT_BYTES / 100));
    vi.advanceTimersByTime(GATHER_MS);
    expect(frames).toHaveLength(Math.floor(PROMPT_BYTES / 100) + 1);
  });

  it('keeps every byte in order, in frames within the limit (law)', () => {
    const step = fc.oneof(fc.integer({ min: 1, max: 3 * MAX_OUTPUT_FRAME_BYTES }), fc.constant('wait' as const));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const { frames, gather } = gathering();
        const pushed: Buffer[] = [];
        for (const [index, one] of steps.entries()) {
          if (one === 'wait') {
            vi.advanceTimersByTime(2);
            continue;
          }
          const bytes = Buffer.alloc(one, index + 1);
          pushed.push(bytes);
          gather.push(bytes);
        }
        gather.flush();
        gather.stop();
        for (const frame of frames) {
          expect([frame[0], frame.readUInt16BE(1)]).toEqual([FRAME.OUTPUT, 7]);
          expect(frame.length).toBeLessThanOrEqual(HEADER_BYTES + MAX_OUTPUT_FRAME_BYTES);
        }
        const arrived = Buffer.concat(frames.map((frame) => frame.subarray(HEADER_BYTES)));
        expect(arrived.equals(Buffer.concat(pushed))).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
