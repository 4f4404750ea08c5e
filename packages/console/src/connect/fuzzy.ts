/**
 * Fuzzy matching for lists of hundreds: the letters of the query in order, in one string. A whole substring beats
 * letters strewn about, and the start of a word beats its middle. Own and small because the page's weight counts;
 * it knows no typing errors, which a longer list would want.
 */
export interface Match {
  readonly score: number;
  /** Half-open ranges of the text that matched. */
  readonly ranges: readonly (readonly [number, number])[] & [number, number][];
}

const WORD_START = /[\s\-_.:/@=]/;
/** Letters strewn over more than this many runs are chance, not intent. */
const MAX_RUNS = 3;

export function fuzzyMatch(text: string, query: string): Match | undefined {
  const hay = text.toLowerCase();
  const needle = query.toLowerCase();
  if (needle === '') return { score: 0, ranges: [] };
  // Lower-casing may change the length of a few letters; then ranges would not fit and marks are left out.
  const fits = hay.length === text.length;
  const whole = bestSubstring(hay, needle);
  if (whole >= 0) {
    const start = whole === 0 ? 3 : startsWord(hay, whole) ? 2 : 1;
    return { score: start + needle.length / hay.length, ranges: fits ? [[whole, whole + needle.length]] : [] };
  }
  const ranges = strewn(hay, needle);
  if (ranges === undefined || ranges.length > MAX_RUNS) return undefined;
  return { score: 0.9 / ranges.length, ranges: fits ? ranges : [] };
}

const startsWord = (text: string, at: number): boolean => at === 0 || WORD_START.test(text[at - 1] ?? '');

/** Where the query stands whole: at a word's start if it can, else first of all. */
function bestSubstring(hay: string, needle: string): number {
  const first = hay.indexOf(needle);
  for (let at = first; at >= 0; at = hay.indexOf(needle, at + 1)) if (startsWord(hay, at)) return at;
  return first;
}

/** The letters in order, each run as long as it can be, runs preferring word starts. */
function strewn(hay: string, needle: string): [number, number][] | undefined {
  const ranges: [number, number][] = [];
  let from = 0;
  let taken = 0;
  while (taken < needle.length) {
    const letter = needle[taken] ?? '';
    let at = hay.indexOf(letter, from);
    for (let next = at; next >= 0; next = hay.indexOf(letter, next + 1)) {
      if (startsWord(hay, next)) {
        at = next;
        break;
      }
    }
    if (at < 0) return undefined;
    let end = at;
    while (taken < needle.length && hay[end] === needle[taken]) {
      end += 1;
      taken += 1;
    }
    ranges.push([at, end]);
    from = end;
  }
  return ranges;
}
