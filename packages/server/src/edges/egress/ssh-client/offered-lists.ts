/**
 * Reads the host's first KEXINIT beside the library, which says "no matching cipher" but not what the host offered.
 * Looks at plaintext only and gives up at the first oddity: nothing depends on it but a sentence.
 */
const KEXINIT = 20;
const PACKET_MAX = 35_000;
const ORDER = [
  'key exchange',
  'host key',
  'C->S cipher',
  'S->C cipher',
  'C->S MAC',
  'S->C MAC',
  'C->S compression',
  'S->C compression',
] as const;

export interface OfferedLists {
  see(chunk: Buffer): void;
  /** The names the host offered, shortened, for `what` as the library's error words it. */
  list(what: string): string | undefined;
}

export function readOfferedLists(): OfferedLists {
  let bytes: Buffer | undefined = Buffer.alloc(0);
  let lists: readonly string[] = [];
  return {
    see(chunk) {
      if (!bytes) return;
      bytes = Buffer.concat([bytes, chunk]);
      const start = bytes.indexOf(0x0a) + 1;
      if (start === 0 || bytes.length < start + 6) {
        if (bytes.length > PACKET_MAX) bytes = undefined;
        return;
      }
      const length = bytes.readUInt32BE(start);
      if (length > PACKET_MAX || bytes[start + 5] !== KEXINIT) {
        bytes = undefined;
      } else if (bytes.length >= start + 4 + length) {
        lists = parseLists(bytes.subarray(start + 22, start + 4 + length));
        bytes = undefined;
      }
    },
    list(what) {
      const at = ORDER.findIndex((name) => name.toLowerCase() === what.toLowerCase());
      const names = at < 0 ? undefined : lists[at];
      return names === undefined ? undefined : names.slice(0, 160);
    },
  };
}

function parseLists(payload: Buffer): readonly string[] {
  const lists: string[] = [];
  let at = 0;
  while (lists.length < ORDER.length && at + 4 <= payload.length) {
    const length = payload.readUInt32BE(at);
    if (at + 4 + length > payload.length) break;
    lists.push(payload.toString('latin1', at + 4, at + 4 + length).replace(/[^\x21-\x7e]/g, '?'));
    at += 4 + length;
  }
  return lists;
}
