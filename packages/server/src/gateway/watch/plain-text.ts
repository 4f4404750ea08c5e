/**
 * Output that leaves no trace once it has scrolled away: text, line ends, and what colours text or clears the rest of its
 * own line (SGR, EL). Told in one pass without an emulator. Of all colours that passed only the last word on each matters;
 * `penOf` finds the few sequences that say it.
 */
const ESC = 0x1b;
/** SO and SI change what text means. */
const SO = 0x0e;
const SI = 0x0f;
/** C1 controls begin sequences too; UTF-8 writes them as C2 80 to C2 9F. */
const C1_LEAD = 0xc2;
const SPECIAL = [ESC, SO, SI, C1_LEAD] as const;
const BRACKET = 0x5b;
const SGR = 0x6d; // m
const EL = 0x4b; // K
/** Digits, the colon and the semicolon. */
const ZERO = 0x30;
const SEMICOLON = 0x3b;
/** A colour is told in less; a sequence that goes on is none. */
const MAX_SEQUENCE_BYTES = 64;
/** A few times all that a program sets at once. More, as a rainbow makes, is left to an emulator. */
const MAX_PEN_BYTES = 2_048;
/** Most output resets its pen every line. What does not would take longer to look through than to parse elsewhere. */
const MAX_LOOKED_AT = 2_000;

/** Between two bytes. Numbers: every byte of coloured output asks. */
const TEXT = 0;
const ESCAPE = 1;
const PARAMETERS = 2;
const LEAD = 3;
const OTHER = 4;

/** What a byte of text makes of it: for nearly all, text. */
const MEANS = new Uint8Array(256);
MEANS[ESC] = ESCAPE;
MEANS[C1_LEAD] = LEAD;
MEANS[SO] = MEANS[SI] = OTHER;

export interface PlainText {
  /** False: what was given, now or before, means more. */
  push(bytes: Uint8Array): boolean;
  /** It ends between two characters or sequences. */
  readonly whole: boolean;
}

export function createPlainText(): PlainText {
  let at = TEXT;
  let last = 0;
  return {
    push(bytes) {
      last = bytes.at(-1) ?? last;
      if (at === TEXT && SPECIAL.every((byte) => !bytes.includes(byte))) return true; // memory scans: most floods
      let now = at;
      // In names of its own: they are asked for every byte, and a module's are slower.
      const [means, zero, semicolon] = [MEANS, ZERO, SEMICOLON];
      const { length } = bytes;
      for (let n = 0; n < length && now !== OTHER; n++) {
        if (now === TEXT) {
          while (n < length && means[bytes[n]!] === 0) n++; // most bytes end here
          if (n < length) now = means[bytes[n]!]!;
        } else if (now === PARAMETERS) {
          while (n < length && bytes[n]! >= zero && bytes[n]! <= semicolon) n++;
          if (n < length) now = bytes[n] === SGR || bytes[n] === EL ? TEXT : OTHER;
        } else if (now === ESCAPE) now = bytes[n] === BRACKET ? PARAMETERS : OTHER;
        else now = bytes[n]! < 0x80 || bytes[n]! >= 0xa0 ? TEXT : OTHER;
      }
      at = now;
      return at !== OTHER;
    },
    get whole() {
      return at === TEXT && last < 0x80; // inside a character or after one, which is as good as inside
    },
  };
}

/**
 * What sets the pen as these plain bytes left it, from whatever it was before; undefined: it takes too much. Two equal
 * sequences set the same, so of each the last is enough, and none before the last that begins with a reset.
 */
export function penOf(pieces: readonly Buffer[]): Buffer | undefined {
  const last = new Set<string>();
  let size = 0;
  let looked = 0;
  for (let index = pieces.length - 1; index >= 0; index--) {
    const piece = pieces[index]!;
    for (let at = piece.lastIndexOf(ESC); at >= 0; at = at === 0 ? -1 : piece.lastIndexOf(ESC, at - 1)) {
      const found = sequenceAt(pieces, index, at);
      if (found === undefined || ++looked > MAX_LOOKED_AT) return undefined;
      if (found.endsWith('K') || last.has(found)) continue;
      last.add(found);
      size += found.length;
      if (size > MAX_PEN_BYTES) return undefined;
      if (/^..0*[;m]/s.test(found)) return pen(last);
    }
  }
  return pen(last);
}
const pen = (last: ReadonlySet<string>): Buffer => Buffer.from([...last].reverse().join(''), 'latin1');

/** The sequence that begins there, and may go on in the next pieces. */
function sequenceAt(pieces: readonly Buffer[], index: number, at: number): string | undefined {
  let found = pieces[index]!.toString('latin1', at, at + MAX_SEQUENCE_BYTES);
  for (let next = index + 1; found.length < MAX_SEQUENCE_BYTES && next < pieces.length; next++) {
    if (/[mK]/.test(found)) break;
    found += pieces[next]!.toString('latin1', 0, MAX_SEQUENCE_BYTES - found.length);
  }
  const end = found.search(/[mK]/);
  return end < 0 ? undefined : found.slice(0, end + 1);
}
