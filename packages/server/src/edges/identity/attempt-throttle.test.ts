import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressKey, createAttemptThrottle } from './attempt-throttle.js';

test('V39: whatever strangers do from their addresses, another address is never refused because of them', () => {
  const attempt = fc.record({ name: fc.constantFrom('alice', 'bob', 'ALICE'), last: fc.nat(20), wait: fc.nat(5000) });
  fc.assert(
    fc.property(fc.array(attempt, { maxLength: 200 }), (attempts) => {
      let now = 0;
      const throttle = createAttemptThrottle(() => now);
      for (const { name, last, wait } of attempts) {
        throttle.admit(name, `203.0.113.${last}`);
        now += wait;
      }
      expect('admitted' in throttle.admit('alice', '198.51.100.1')).toBe(true);
    }),
  );
});

test('W33: one address gets twenty tries over any names, then one a second', () => {
  let now = 0;
  const throttle = createAttemptThrottle(() => now);
  const tries = (n: number): number =>
    Array.from({ length: n }, (_, i) => throttle.admit(`name${now}-${i}`, '203.0.113.1')).filter(
      (one) => 'admitted' in one,
    ).length;
  expect(tries(1000)).toBe(20);
  expect(throttle.admit('x', '203.0.113.1')).toEqual({ waitSeconds: 1 });
  now += 1000;
  expect(tries(1000)).toBe(1);
  now += 3_600_000;
  expect(tries(1000)).toBe(20);
});

test('V39: a success clears the pair, an undone try leaves it as it was', () => {
  let now = 0;
  const throttle = createAttemptThrottle(() => now);
  const admit = () => throttle.admit('alice', '203.0.113.1');
  const must = () => {
    const one = admit();
    if (!('admitted' in one)) throw new Error('refused');
    return one.admitted;
  };
  for (let i = 0; i < 50; i++) must().undone();
  must();
  must();
  must();
  expect(admit()).toEqual({ waitSeconds: 1 });
  now += 1000;
  must().succeeded();
  must();
  must();
  must();
  expect(admit()).toEqual({ waitSeconds: 1 });
});

test('an IPv6 customer is one source, however the address is written', () => {
  expect(addressKey('::ffff:192.0.2.1')).toBe('192.0.2.1');
  expect(addressKey('2001:db8:1:2:3::4')).toBe(addressKey('2001:0db8:0001:0002:ffff::'));
  expect(addressKey('2001:db8:1:2::')).not.toBe(addressKey('2001:db8:1:3::'));
  expect(addressKey('::1')).toBe('0:0:0:0::/64');
  expect(addressKey('fe80::1%eth0')).toBe('fe80:0:0:0::/64');
});
