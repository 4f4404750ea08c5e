import { expect, it } from 'vitest';
import { blockMinutes, firstUntil } from './block-term.js';

it('a block lasts whole minutes, and none when its time has passed or is no time', () => {
  const now = new Date(2026, 10, 22, 14, 31, 30).getTime();
  expect(blockMinutes('none', '', now)).toBeUndefined();
  expect(blockMinutes('720', '', now)).toBe(720);
  expect(firstUntil(now)).toBe('2026-11-22T15:31');
  expect(blockMinutes('until', '2026-11-22T14:46', now)).toBe(15);
  expect(blockMinutes('until', '2026-11-22T14:31', now)).toBeUndefined();
  expect(blockMinutes('until', '', now)).toBeUndefined();
});
