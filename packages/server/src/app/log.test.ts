import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createLog, prettyLine } from './log.js';

const hostile = '\u001b]0;x\u0007\r\nINFO admin login\u009b2J\u202e';

function lines(logFormat: 'json' | 'pretty', write: (log: ReturnType<typeof createLog>) => void): string[] {
  const out = new PassThrough();
  write(createLog({ logLevel: 'info', logFormat }, out as unknown as NodeJS.WriteStream));
  return String(out.read() ?? '')
    .split('\n')
    .slice(0, -1);
}

test('V33: a hostile user name stays inside one log line, escaped, in both formats', () => {
  const [json, ...more] = lines('json', (log) => log.warn({ user: hostile }, 'sign-in failed'));
  expect(more).toEqual([]);
  expect(json).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(JSON.parse(json!)).toMatchObject({ level: 'warn', user: hostile, msg: 'sign-in failed' });
  const [pretty, ...rest] = lines('pretty', (log) => log.warn({ user: hostile }, hostile));
  expect(rest).toEqual([]);
  expect(pretty).toContain('\\x1b]0;x\\x07\\r\\nINFO admin login\\x9b2J\\u{202e}');
});

test('lines under the level are left out, and debug is one', () => {
  expect(lines('json', (log) => log.debug('quiet'))).toEqual([]);
});

test('V46: fields that are named like a secret are masked', () => {
  const [line] = lines('json', (log) => log.info({ token: 'canary', body: { password: 'canary' } }, 'x'));
  expect(line).not.toContain('canary');
});

test('an error shows its stack indented', () => {
  const text = prettyLine(
    JSON.stringify({ level: 'error', time: '2026-01-01T10:00:00Z', err: { stack: 'Error: x\n at y' } }),
    false,
  );
  expect(text).toBe('10:00:00 error \n  Error: x\n   at y\n');
});
