import fc from 'fast-check';
import { expect, test } from 'vitest';
import { escapedJson } from './escaped-json.js';

test('V33: C1 controls and direction marks are written as escapes, Chinese text and emoji as they are', () => {
  const name = 'a\u009b31m\u007f\u202eb\u061c\u200d\ufeff\u2028\u{e0001}张敏🚀';
  expect(escapedJson(JSON.stringify(name))).toBe(
    '"a\\u009b31m\\u007f\\u202eb\\u061c\\u200d\\ufeff\\u2028\\udb40\\udc01张敏🚀"',
  );
});

test('V33: no value leaves a control character in its text, and every value is read back as it was', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
      const text = escapedJson(JSON.stringify(value));
      expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});
