import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readMoment, writeMoment } from './typed-moment.js';

test('a moment is read as people write it', () => {
  expect(readMoment('90')).toBe(90_000);
  expect(readMoment(' 1:30 ')).toBe(90_000);
  expect(readMoment('1:02:03.5')).toBe(3_723_500);
  expect(readMoment('0:07,25')).toBe(7_250);
  for (const wrong of ['', 'x', '-1', '1:60', '1:60:00', '1:', ':5', '1e3', '1:2:3:4', '99999999'])
    expect(readMoment(wrong)).toBeUndefined();
});

test('what is written is read back, to the tenth (law)', () => {
  fc.assert(
    fc.property(fc.nat(100 * 3_600_000), (ms) => {
      expect(readMoment(writeMoment(ms))).toBe(Math.floor(ms / 100) * 100);
    }),
  );
});
