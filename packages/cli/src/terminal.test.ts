import { expect, test } from 'vitest';
import { ago, columns, jsonText, publicJson } from './terminal.js';

test('JSON for scripts: snake_case keys, RFC 3339 times, the user’s own keys untouched', () => {
  expect(
    publicJson({ createdAt: 0, at: 1000, userName: 'a', labels: { myKey: 'b' }, list: [{ endedAt: undefined }] }),
  ).toEqual({
    created_at: '1970-01-01T00:00:00.000Z',
    at: '1970-01-01T00:00:01.000Z',
    user_name: 'a',
    labels: { myKey: 'b' },
    list: [{ ended_at: undefined }],
  });
});

test('columns line up with Chinese names, emoji and combining marks', () => {
  expect(columns('张敏')).toBe(4);
  expect(columns('🚀')).toBe(2);
  expect(columns('e\u0301x')).toBe(2);
  expect(columns('web-01')).toBe(6);
});

test('times read as people say them', () => {
  const now = Date.UTC(2026, 0, 2);
  expect(ago(now - 5_000, now)).toBe('5 s ago');
  expect(ago(now - 20 * 60_000, now)).toBe('20 min ago');
  expect(ago(now - 3 * 3_600_000, now)).toBe('3 h ago');
  expect(ago(now - 86_400_000, now)).toBe('2026-01-01 00:00');
  expect(ago(undefined)).toBeUndefined();
});

test('V33: JSON shows no control or direction character as it is, and says the same', () => {
  const value = { name: 'a\u009b31m\u202eb张敏' };
  expect(jsonText(value)).toBe('{"name":"a\\u009b31m\\u202eb张敏"}');
  expect(JSON.parse(jsonText(value, 2))).toEqual(value);
});
