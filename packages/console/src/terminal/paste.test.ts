import { expect, it } from 'vitest';
import { planPaste } from './paste.js';

it('one line goes straight in; a line end or several lines ask, unless the program takes brackets', () => {
  expect(planPaste('ls -la', false).ask).toBe(false);
  expect(planPaste('ls -la\n', false)).toMatchObject({ ask: true, lines: 1 });
  expect(planPaste('a\r\nb', false)).toMatchObject({ ask: true, lines: 2, text: 'a\nb' });
  expect(planPaste('a\nb', true).ask).toBe(false);
  expect(planPaste('a\nb', true, true).ask).toBe(true);
  expect(planPaste('a', true, true).ask).toBe(false);
});

it('more than 20 lines always ask: the target can fake brackets', () => {
  const lines = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`).join('\n');
  expect(planPaste(lines(20), true)).toMatchObject({ ask: false, lines: 20 });
  expect(planPaste(`${lines(20)}\n`, true)).toMatchObject({ ask: false, lines: 20 });
  expect(planPaste(lines(21), true)).toMatchObject({ ask: true, lines: 21 });
});

it('control characters are left out, so a paste cannot end its own brackets', () => {
  const plan = planPaste('echo safe\x1b[201~\rrm -rf /\x00\x9b1m', true);
  expect(plan.text).toBe('echo safe[201~\nrm -rf /1m');
  expect(plan.removed).toBe(3);
  expect(planPaste('中文\t😀', false).text).toBe('中文\t😀');
});
