import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { expect, test } from 'vitest';
import { playable } from './sessions.js';

type Recording = NonNullable<SessionAnswer['recording']>;
const session = (state: SessionAnswer['state'], outputBytes: number, recording?: Recording['state']) =>
  ({
    state,
    outputBytes,
    ...(recording !== undefined && { recording: { state: recording } }),
  }) as SessionAnswer;

test('a session that failed before its first byte has nothing to play', () => {
  expect(playable(session('failed', 0, 'complete'))).toBe(false);
  expect(playable(session('failed', 0, 'truncated'))).toBe(false);
  expect(playable(session('failed', 812, 'complete'))).toBe(true);
});

test('what has a recording plays, a live one too; what has none does not', () => {
  expect(playable(session('live', 0, 'writing'))).toBe(true);
  expect(playable(session('ended', 0, 'complete'))).toBe(true);
  expect(playable(session('ended', 90, 'missing'))).toBe(false);
  expect(playable(session('ended', 90))).toBe(false);
});
