/**
 * AddressRange: `192.0.2.0/24`, `2001:db8::/32`, or one address. IPv4 is read as its IPv6-mapped form, so a peer that a
 * dual-stack socket reports as `::ffff:192.0.2.7` is the same peer.
 */
export interface AddressRange {
  readonly words: Words;
  readonly bits: number;
}
/** Eight 16-bit words, the first one first. */
type Words = readonly number[];

export function parseRange(text: string): AddressRange | undefined {
  const [address = '', length, ...rest] = text.split('/');
  const words = parseAddress(address);
  if (words === undefined || rest.length > 0) return undefined;
  const widest = address.includes(':') ? 128 : 32;
  if (length !== undefined && !/^(0|[1-9]\d{0,2})$/.test(length)) return undefined;
  const bits = (length === undefined ? widest : Number(length)) + 128 - widest;
  return bits <= 128 && isNetwork(words, bits) ? { words, bits } : undefined;
}

export function parseAddress(text: string): Words | undefined {
  if (!text.includes(':')) {
    const low = parseV4(text);
    return low === undefined ? undefined : [0, 0, 0, 0, 0, 0xffff, ...low];
  }
  const dotted = /^(.*:)([^:]*\.[^:]*)$/.exec(text);
  const low = dotted === null ? [] : parseV4(dotted[2] ?? '');
  if (low === undefined) return undefined;
  const written = dotted === null ? text : `${dotted[1]}${low.map((word) => word.toString(16)).join(':')}`;
  const [head = '', tail, ...more] = written.split('::');
  if (more.length > 0) return undefined;
  const [left, right] = [parseWords(head), tail === undefined ? [] : parseWords(tail)];
  if (left === undefined || right === undefined) return undefined;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  return [...left, ...new Array<number>(missing).fill(0), ...right];
}

export function inRange(words: Words, range: AddressRange): boolean {
  for (let index = 0, left = range.bits; left > 0; index++, left -= 16) {
    const mask = left >= 16 ? 0xffff : (0xffff << (16 - left)) & 0xffff;
    if ((words[index]! & mask) !== (range.words[index]! & mask)) return false;
  }
  return true;
}

const ranges = new WeakMap<readonly string[], readonly AddressRange[]>();

/** Is the address in one of these ranges? One that cannot be read is in none. */
export function matchesAny(addresses: readonly string[], address: string): boolean {
  let parsed = ranges.get(addresses);
  if (parsed === undefined) {
    parsed = addresses.map(parseRange).filter((range) => range !== undefined);
    ranges.set(addresses, parsed);
  }
  const words = parseAddress(address);
  return words !== undefined && parsed.some((range) => inRange(words, range));
}

/** Bits behind the prefix are a slip of the pen, and which one was meant cannot be known. */
function isNetwork(words: Words, bits: number): boolean {
  return words.every((word, index) => {
    const kept = Math.min(16, Math.max(0, bits - index * 16));
    return (word & ((1 << (16 - kept)) - 1)) === 0;
  });
}

function parseV4(text: string): readonly [number, number] | undefined {
  const bytes = text.split('.');
  // No leading zeros: some readers take them for octal.
  if (bytes.length !== 4 || !bytes.every((byte) => /^(0|[1-9]\d{0,2})$/.test(byte) && Number(byte) < 256))
    return undefined;
  const [a, b, c, d] = bytes.map(Number) as [number, number, number, number];
  return [a * 256 + b, c * 256 + d];
}

function parseWords(text: string): readonly number[] | undefined {
  if (text === '') return [];
  const words = text.split(':');
  return words.every((word) => /^[0-9a-fA-F]{1,4}$/.test(word))
    ? words.map((word) => Number.parseInt(word, 16))
    : undefined;
}
