import { describe, expect, it } from 'vitest';
import { matchesAny, parseAddress, parseRange } from './address-range.js';

describe('address ranges', () => {
  it.each([
    ['192.0.2.0/24', '192.0.2.255', true],
    ['192.0.2.0/24', '192.0.3.0', false],
    ['192.0.2.7', '192.0.2.7', true],
    ['192.0.2.7', '192.0.2.8', false],
    ['192.0.2.0/25', '192.0.2.127', true],
    ['192.0.2.0/25', '192.0.2.128', false],
    ['0.0.0.0/0', '203.0.113.9', true],
    ['0.0.0.0/0', '2001:db8::1', false],
    ['192.0.2.0/24', '::ffff:192.0.2.9', true],
    ['::ffff:192.0.2.0/120', '192.0.2.9', true],
    ['2001:db8::/32', '2001:db8:ffff::1', true],
    ['2001:db8::/32', '2001:db9::1', false],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['::1', '0:0:0:0:0:0:0:1', true],
    ['::/0', '192.0.2.1', true],
  ])('%s and %s: %s', (range, address, inside) => {
    expect(matchesAny([range], address)).toBe(inside);
  });

  it.each([
    '192.0.2.1/24',
    '192.0.2.0/33',
    '192.0.2',
    '192.0.02.0',
    '256.0.0.1',
    '1::2::3',
    '12345::',
    '::/129',
    '::/-1',
    '::/01',
    ':1',
    '1:2:3:4:5:6:7:8:9',
    '1:2:3:4:5:6:7::8',
    'fe80::1%eth0',
    '',
    '/8',
    '192.0.2.0/24/1',
  ])('refuses %j', (text) => {
    expect(parseRange(text)).toBeUndefined();
  });

  it('an address that cannot be read is in no range', () => {
    expect(matchesAny(['0.0.0.0/0', '::/0'], 'localhost')).toBe(false);
    expect(parseAddress('1:2:3:4:5:6:1.2.3.4')).toEqual([1, 2, 3, 4, 5, 6, 258, 772]);
  });
});
