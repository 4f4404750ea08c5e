/**
 * Text of JSON strings to UTF-8. JSON may name half a character outside the basic plane (`\ud83d`); recorders that cut
 * their text by length write one half at the end of an event and the other at the beginning of the next. Such halves are
 * joined; a half that stays alone becomes U+FFFD and is counted.
 */
const LONE = /\p{Cs}/gu;
const FIRST_HALF = /[\ud800-\udbff]$/;

export interface HalfJoiner {
  /** undefined: nothing whole yet. */
  push(text: string): Uint8Array | undefined;
  finish(): Uint8Array | undefined;
  /** Halves that stayed alone so far. */
  readonly lost: number;
}

export function createHalfJoiner(): HalfJoiner {
  const utf8 = new TextEncoder();
  let held = '';
  let lost = 0;
  const encode = (text: string): Uint8Array | undefined => {
    if (text === '') return undefined;
    lost += text.match(LONE)?.length ?? 0;
    return utf8.encode(text);
  };
  return {
    push(text) {
      if (text === '') return undefined;
      const all = held + text;
      held = FIRST_HALF.test(all) ? all.slice(-1) : '';
      return encode(held === '' ? all : all.slice(0, -1));
    },
    finish() {
      const rest = held;
      held = '';
      return encode(rest);
    },
    get lost() {
      return lost;
    },
  };
}
