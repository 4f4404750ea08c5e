/**
 * What may be pasted without a look. A shell runs each pasted line at once unless it announced bracketed paste; and the
 * announcement comes from the target, which can lie, so many lines are always shown first.
 */
export const ALWAYS_ASK_ABOVE_LINES = 20;

export interface PastePlan {
  /** What will be sent: no control characters but tab and line ends, so no paste can end its own brackets. */
  readonly text: string;
  readonly lines: number;
  readonly ask: boolean;
  /** Characters left out. */
  readonly removed: number;
}

const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/** `careful` is a host where a mistake costs more (label `prod`): brackets do not spare the look. */
export function planPaste(raw: string, bracketed: boolean, careful = false): PastePlan {
  const even = raw.replace(/\r\n?/g, '\n');
  const text = even.replace(CONTROL, '');
  const body = text.endsWith('\n') ? text.slice(0, -1) : text;
  const lines = body === '' ? 0 : body.split('\n').length;
  // One line with its line end also runs at once: a copied command often carries it.
  const runs = text.includes('\n');
  return {
    text,
    lines,
    ask: lines > ALWAYS_ASK_ABOVE_LINES || (runs && (careful || !bracketed)),
    removed: even.length - text.length,
  };
}
