import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleText } from './visible-text.js';

test('V33: a user name with an escape sequence and a forged log line is printed visibly on one line', () => {
  expect(visibleText('\u001b]0;x\u0007\r\nINFO admin login')).toBe('\\x1b]0;x\\x07\\r\\nINFO admin login');
  expect(visibleText('C1 \u009b31m and \u202e reversed')).toBe('C1 \\x9b31m and \\u{202e} reversed');
});

test('V33: Chinese text, emoji and accents stay as they are', () => {
  expect(visibleText('张敏 é 🚀 ~')).toBe('张敏 é 🚀 ~');
});

test('V33: no input leaves a control character in the output', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cf}]/u.test(visibleText(text))));
});
