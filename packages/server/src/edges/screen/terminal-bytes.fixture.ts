/** Bytes as terminals get them, from tame to hostile, for laws. */
import fc from 'fast-check';

const utf8 = new TextEncoder();
const small = fc.integer({ min: 0, max: 24 });
const csi = (final: string, parameters = 1): fc.Arbitrary<string> =>
  fc.array(small, { maxLength: parameters }).map((numbers) => `\x1b[${numbers.join(';')}${final}`);
const letters = fc.constantFrom('a', 'b c', 'hello, world', 'x'.repeat(30), '中', '文字混排 and text', '😀', 'é', '│');
const marks = fc.constantFrom('\u0301', '\u200d', '\ufe0f', '\u0e33');
const sgr = fc.oneof(
  fc
    .array(
      fc.constantFrom(
        '0',
        '1',
        '2',
        '3',
        '4',
        '4:3',
        '21',
        '5',
        '7',
        '8',
        '9',
        '22',
        '24',
        '27',
        '31',
        '42',
        '97',
        '104',
      ),
      {
        maxLength: 3,
      },
    )
    .map((codes) => `\x1b[${codes.join(';')}m`),
  fc.constantFrom(
    '\x1b[38;5;200m',
    '\x1b[48;5;17m',
    '\x1b[38;2;1;2;3m',
    '\x1b[48;2;9;8;7m',
    '\x1b[58;2;4;5;6m',
    '\x1b[58:5:9m',
    '\x1b[59m',
    '\x1b[39;49m',
    '\x1b[53m',
    '\x1b[55m',
  ),
);
const moves = fc.oneof(
  csi('H', 2),
  ...[...'ABCDEFGI`adeZ'].map((final) => csi(final)),
  fc.constantFrom('\r', '\n', '\r\n', '\b', '\t', '\x1bD', '\x1bE', '\x1bM', '\x0b', '\x84', '\x1b7', '\x1b8'),
);
const erasing = fc.oneof(
  ...[...'@PXLMSTK'].map((final) => csi(final)),
  fc.constantFrom('\x1b[J', '\x1b[0J'),
  fc.constantFrom('\x1b[2J', '\x1b[1J', '\x1b[2K', '\x1b[1K', '\x1b[?2J', "\x1b[2'}", "\x1b[1'~", '\x1b[2 @'),
);
const modes = fc.oneof(
  fc
    .tuple(
      fc.constantFrom(1, 6, 7, 9, 12, 25, 45, 47, 66, 1000, 1002, 1003, 1004, 1006, 1016, 1047, 1048, 1049, 2004, 2026),
      fc.constantFrom('h', 'l'),
    )
    .map(([mode, onOff]) => `\x1b[?${mode}${onOff}`),
  fc.constantFrom('\x1b[4h', '\x1b[4l', '\x1b[20h', '\x1b[20l', '\x1b=', '\x1b>', '\x1b[3 q', '\x1b[0 q', '\x1b[1"q'),
);
const framing = fc.oneof(
  csi('r', 2),
  fc.constantFrom('\x1b[2;4r', '\x1b[r', '\x1bH', '\x1b[g', '\x1b[3g', '\x1b[!p', '\x1bc', '\x1b#8', '\x1b[5b'),
  fc.constantFrom('\x1b(0', '\x1b(B', '\x1b)0', '\x1b(A', '\x0e', '\x0f', '\x1bn', '\x1b*0'),
);
const strings = fc.constantFrom(
  '\x1b]0;a title\x07',
  '\x1b]2;标题\x1b\\',
  '\x1b]8;;https://example.org/\x1b\\',
  '\x1b]8;id=7;https://example.org/b\x1b\\',
  '\x1b]8;;\x1b\\',
  '\x1b]4;3;rgb:12/34/56\x07',
  '\x1b]11;#102030\x07',
  '\x1b]104;3\x07',
  '\x1b]110\x07',
);
const broken = fc.oneof(
  fc.constantFrom(
    '\x1b',
    '\x1b[',
    '\x1b[3',
    '\x1b[?',
    '\x1b]',
    '\x1b]0;cut',
    '\x1bP',
    '\x1bP1$q',
    '\x1b_x',
    '\x1b(',
    '\x18',
  ),
  fc.string({ unit: 'binary', maxLength: 4 }),
);

const tame: readonly fc.WeightedArbitrary<string>[] = [
  { arbitrary: letters, weight: 10 },
  { arbitrary: marks, weight: 1 },
  { arbitrary: sgr, weight: 5 },
  { arbitrary: moves, weight: 8 },
  { arbitrary: erasing, weight: 4 },
  { arbitrary: modes, weight: 3 },
  { arbitrary: framing, weight: 3 },
  { arbitrary: strings, weight: 1 },
];
const joined = (pieces: readonly (string | Uint8Array)[]): Uint8Array => {
  const parts = pieces.map((piece) => (typeof piece === 'string' ? utf8.encode(piece) : piece));
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
};

/** Whole sequences, such as programs write. */
export const outputOfPrograms = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.array(fc.oneof(...tame), { maxLength }).map(joined);

/** The same with broken ones and with bytes that are no text. */
export const bytesOfTerminals = (maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc
    .array(
      fc.oneof(...tame, { arbitrary: broken, weight: 6 }, { arbitrary: fc.uint8Array({ maxLength: 6 }), weight: 4 }),
      {
        maxLength,
      },
    )
    .map(joined);
