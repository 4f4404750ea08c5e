/** The key bar of small screens: what each key sends, with Ctrl and Alt held by a tap. */
export const TOUCH_KEYS = ['esc', 'tab', 'ctrl', 'alt', 'left', 'up', 'down', 'right', '/', '-', '|'] as const;
export type TouchKey = (typeof TOUCH_KEYS)[number];

export interface Held {
  readonly ctrl: boolean;
  readonly alt: boolean;
}
export const NOTHING_HELD: Held = { ctrl: false, alt: false };

const ARROWS: Partial<Record<TouchKey, string>> = { up: 'A', down: 'B', right: 'C', left: 'D' };

/** Bytes of a key of the bar; undefined for Ctrl and Alt themselves. */
export function touchKeyBytes(key: TouchKey, held: Held, applicationCursor: boolean): string | undefined {
  const arrow = ARROWS[key];
  if (arrow !== undefined) {
    const modifier = 1 + (held.alt ? 2 : 0) + (held.ctrl ? 4 : 0);
    if (modifier > 1) return `\x1b[1;${modifier}${arrow}`;
    return `\x1b${applicationCursor ? 'O' : '['}${arrow}`;
  }
  if (key === 'ctrl' || key === 'alt') return undefined;
  const plain = key === 'esc' ? '\x1b' : key === 'tab' ? '\t' : key;
  return held.ctrl || held.alt ? withHeld(plain, held) : plain;
}

/** A letter typed on the phone's keyboard while Ctrl or Alt is held. Text of several characters is left as it is. */
export function withHeld(typed: string, held: Held): string {
  if ([...typed].length !== 1) return typed;
  let bytes = typed;
  if (held.ctrl) {
    const upper = typed.toUpperCase().charCodeAt(0);
    if (upper >= 0x40 && upper <= 0x5f) bytes = String.fromCharCode(upper & 0x1f);
    else if (typed === ' ') bytes = '\0';
    else if (typed === '/' || typed === '-') bytes = '\x1f';
    else if (typed === '|') bytes = '\x1c';
    else if (typed === '?') bytes = '\x7f';
  }
  return held.alt ? `\x1b${bytes}` : bytes;
}
