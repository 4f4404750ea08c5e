/**
 * JSON made safe to print: `JSON.stringify` escapes what is below U+0020 and leaves the rest of the characters that a
 * terminal or a reader's eye takes for a command (C1, direction marks, invisible ones). They occur inside strings only,
 * so each may be written as an escape, and whoever parses the text gets the same value (V33).
 */
const UNSEEN = /[\u007f-\u009f\p{Cf}\p{Zl}\p{Zp}]/gu;

export function escapedJson(json: string): string {
  return json.replace(UNSEEN, (char) => {
    let escapes = '';
    for (let i = 0; i < char.length; i++) escapes += `\\u${char.charCodeAt(i).toString(16).padStart(4, '0')}`;
    return escapes;
  });
}
