/** base64url without padding (RFC 4648), as JSON Web Keys write bytes. Of our own: `atob` knows only the other alphabet. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

export function toBase64url(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const letters = Math.min(4, bytes.length - at + 1);
    for (let n = 0; n < letters; n += 1) text += ALPHABET[(group >> (18 - 6 * n)) & 63];
  }
  return text;
}

/** Takes the standard alphabet and padding too. undefined: not base64, or bits are left over. */
export function fromBase64url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const letters = text.replace(/=+$/, '').replaceAll('+', '-').replaceAll('/', '_');
  if (letters.length % 4 === 1) return undefined;
  const bytes = new Uint8Array(Math.floor((letters.length * 3) / 4));
  let bits = 0;
  let value = 0;
  let at = 0;
  for (const letter of letters) {
    const digit = ALPHABET.indexOf(letter);
    if (digit < 0) return undefined;
    value = ((value << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[at++] = value >>> bits;
  }
  return (value & ((1 << bits) - 1)) === 0 ? bytes : undefined;
}

export const toHex = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
};
