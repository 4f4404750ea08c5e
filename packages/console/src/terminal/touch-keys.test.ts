import { expect, it } from 'vitest';
import { NOTHING_HELD, touchKeyBytes, withHeld } from './touch-keys.js';

it('arrows follow the cursor mode the program asked for', () => {
  expect(touchKeyBytes('up', NOTHING_HELD, false)).toBe('\x1b[A');
  expect(touchKeyBytes('up', NOTHING_HELD, true)).toBe('\x1bOA');
  expect(touchKeyBytes('left', { ctrl: true, alt: false }, true)).toBe('\x1b[1;5D');
  expect(touchKeyBytes('right', { ctrl: false, alt: true }, false)).toBe('\x1b[1;3C');
});

it('held Ctrl and Alt change one letter, not a pasted word', () => {
  expect(withHeld('c', { ctrl: true, alt: false })).toBe('\x03');
  expect(withHeld('[', { ctrl: true, alt: false })).toBe('\x1b');
  expect(withHeld('b', { ctrl: false, alt: true })).toBe('\x1bb');
  expect(withHeld('word', { ctrl: true, alt: false })).toBe('word');
  expect(withHeld('中', { ctrl: true, alt: false })).toBe('中');
  expect(touchKeyBytes('esc', NOTHING_HELD, false)).toBe('\x1b');
  expect(touchKeyBytes('ctrl', NOTHING_HELD, false)).toBeUndefined();
});
