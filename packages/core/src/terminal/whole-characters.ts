/**
 * Keeps a character that a frame cut in two until the rest has come, so that the emulator is only given whole ones.
 *
 * xterm.js 6.0 joins split characters itself, but takes a kept second or third byte 0x80 for "none" and then loses the
 * character: 思, 值, 通, 者 and every other one of U+5000, U+6000, U+8000, U+9000 to +3F, cut after two bytes (W16).
 * Bytes are only moved, never changed: what is not UTF-8 passes as it came.
 */
export interface WholeCharacters {
  /** The bytes kept before and these, less an unfinished character at the end. */
  take(bytes: Uint8Array): Uint8Array;
  /** Forgets what was kept. */
  drop(): void;
}

export function createWholeCharacters(): WholeCharacters {
  let kept: Uint8Array = new Uint8Array();
  return {
    take(bytes) {
      let all = bytes;
      if (kept.length > 0) {
        all = new Uint8Array(kept.length + bytes.length);
        all.set(kept);
        all.set(bytes, kept.length);
      }
      const end = all.length - unfinished(all);
      kept = all.slice(end);
      return end === all.length ? all : all.subarray(0, end);
    },
    drop() {
      kept = new Uint8Array();
    },
  };
}

/** How many bytes at the end begin a character that needs more. */
function unfinished(bytes: Uint8Array): number {
  const last = bytes.length - 1;
  for (let back = 0; back < 3 && back <= last; back++) {
    const byte = bytes[last - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needs =
      byte >= 0xf0 && byte < 0xf8 ? 4 : byte >= 0xe0 && byte < 0xf0 ? 3 : byte >= 0xc0 && byte < 0xe0 ? 2 : 1;
    return needs > back + 1 ? back + 1 : 0;
  }
  return 0;
}
