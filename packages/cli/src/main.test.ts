import { expect, test, vi } from 'vitest';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { report } from './main.js';

test('V33: what went wrong is printed without a control character, expected or not', () => {
  const said: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  try {
    const hostile = '\u001b]0;x\u0007\u009b2J\u202e at\nline two';
    expect(report(new Error(hostile), false)).toBe(EXIT.failed);
    expect(report(new Failure(hostile, EXIT.conflict), true)).toBe(EXIT.conflict);
  } finally {
    write.mockRestore();
  }
  expect(said[0]).toContain('\\x1b]0;x\\x07\\x9b2J\\u{202e} at\nline two\n');
  for (const line of said) expect(line.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
});
