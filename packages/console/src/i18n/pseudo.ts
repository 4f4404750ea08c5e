/**
 * The pseudo-locale: accents show what is not translated, 40 % more length shows what does not fit. Works on the ICU
 * source: text stands at even brace depth, syntax at odd depth and between angle brackets.
 */
const ACCENTED: Readonly<Record<string, string>> = {
  a: 'á',
  c: 'ç',
  e: 'ê',
  i: 'ï',
  n: 'ñ',
  o: 'ö',
  s: 'š',
  u: 'û',
  y: 'ý',
  A: 'Å',
  E: 'É',
  O: 'Ø',
  U: 'Ü',
};

export function pseudo(source: string): string {
  let depth = 0;
  let tag = false;
  let out = '';
  let letters = 0;
  for (const char of source) {
    if (char === '{') depth += 1;
    if (char === '<') tag = true;
    const literal = depth % 2 === 0 && !tag;
    out += literal ? (ACCENTED[char] ?? char) : char;
    if (literal && /\p{L}/u.test(char)) letters += 1;
    if (char === '}') depth -= 1;
    if (char === '>') tag = false;
  }
  return `[${out}${'~'.repeat(Math.ceil(letters * 0.4))}]`;
}
