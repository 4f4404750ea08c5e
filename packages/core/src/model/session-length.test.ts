import { expect, test } from 'vitest';
import { lengthText, sessionLengthMs } from './session-length.js';

test('a session that is over is as long as its recording, which is what plays', () => {
  const times = { liveAt: 1_000, endedAt: 42_900 };
  const recording = { state: 'complete', durationMs: 42_100 } as const;
  expect(sessionLengthMs({ ...times, recording }, 99_000)).toBe(42_100);
  expect(sessionLengthMs({ ...times, recording: { ...recording, state: 'truncated' } }, 99_000)).toBe(42_100);
  expect(sessionLengthMs({ ...times, recording: { state: 'missing', durationMs: 0 } }, 99_000)).toBe(41_900);
  expect(sessionLengthMs(times, 99_000)).toBe(41_900);
});

test('a live one is as long as it runs; one that never had a shell has no length', () => {
  expect(sessionLengthMs({ liveAt: 1_000, recording: { state: 'writing', durationMs: 5 } }, 4_500)).toBe(3_500);
  expect(sessionLengthMs({ liveAt: 5_000 }, 4_500)).toBe(0);
  expect(sessionLengthMs({ endedAt: 5_000, recording: { state: 'complete', durationMs: 7 } }, 9_000)).toBeUndefined();
});

test('a length is cut to whole seconds', () => {
  expect([41_999, 42_000, 0, -5, 59_999, 60_000, 3_599_999, 6_153_000].map(lengthText)).toEqual([
    '00:41',
    '00:42',
    '00:00',
    '00:00',
    '00:59',
    '01:00',
    '59:59',
    '1:42:33',
  ]);
});
