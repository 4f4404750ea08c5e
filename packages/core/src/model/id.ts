/**
 * Ids. Every row's id is 128 random bits in lower-case Crockford base 32 (26 characters): unguessable (V2), free of
 * look-alikes, safe in URLs and file names. Host, user and time are attributes, never parts of an id (W9).
 * Randomness is an argument, so that the core stays pure.
 */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
export const ID_BYTES = 16;
export const ID_PATTERN = /^[0-9a-hjkmnp-tv-z]{26}$/;

/** Encodes 16 random bytes as an id of 26 characters. */
export function idFromBytes(bytes: Uint8Array): string {
  if (bytes.length !== ID_BYTES) throw new RangeError(`an id needs ${ID_BYTES} bytes, got ${bytes.length}`);
  let bits = 0;
  let value = 0;
  let id = '';
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      id += ALPHABET[(value >>> bits) & 31];
      value &= (1 << bits) - 1;
    }
  }
  return id + ALPHABET[(value << (5 - bits)) & 31];
}

export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID_PATTERN.test(value);
}
