import { describe, expect, it } from 'vitest';
import { moment } from './command-options.js';

describe('a moment of a recording', () => {
  it.each([
    ['90', 90_000],
    ['90s', 90_000],
    ['1m30s', 90_000],
    ['1m30.5s', 90_500],
    ['2h', 7_200_000],
    ['1:30', 90_000],
    ['1:02:03.25', 3_723_250],
    ['0', 0],
  ])('%s is %i ms', (raw, ms) => {
    expect(moment('--from')(raw)).toBe(ms);
  });

  it.each(['', '-1', '1:2:3:4', '90ms', 'soon', '1.5m', '5 s'])('“%s” is none', (raw) => {
    expect(() => moment('--from')(raw)).toThrow('--from must be a time in the recording');
  });
});
