import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createWholeCharacters } from './whole-characters.js';

const utf8 = new TextEncoder();
const strict = new TextDecoder('utf-8', { fatal: true });
const pieces = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return at.slice(1).map((end, i) => bytes.subarray(at[i], end));
};

it('W16 F16: of any text in any pieces, each piece handed on is whole, and together they are the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(300), { maxLength: 12 }), (text, cuts) => {
      const whole = createWholeCharacters();
      // A fresh decoder for each piece: it would throw at half a character.
      const out = pieces(utf8.encode(text), cuts).map((piece) => strict.decode(whole.take(piece)));
      expect(out.join('').replaceAll('\ufeff', '')).toBe(
        new TextDecoder().decode(utf8.encode(text)).replaceAll('\ufeff', ''),
      );
    }),
    { numRuns: 500 },
  );
});

it('F16: bytes that are no UTF-8 pass unchanged, at most three wait', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(60), { maxLength: 6 }), (bytes, cuts) => {
      const whole = createWholeCharacters();
      const out = pieces(bytes, cuts).flatMap((piece) => [...whole.take(piece)]);
      expect(bytes.length - out.length).toBeLessThanOrEqual(3);
      expect(out).toEqual([...bytes.subarray(0, out.length)]);
      expect([...whole.take(Uint8Array.of(0x41))]).toEqual([...bytes.subarray(out.length), 0x41]);
    }),
    { numRuns: 500 },
  );
});
