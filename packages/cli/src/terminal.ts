/**
 * The terminal of the person who typed the command: data goes to stdout, talk to stderr, so that pipes stay clean.
 * Untrusted text (names, banners, titles) is printed with its control characters visible (V33).
 */
import { createInterface } from 'node:readline/promises';
import { escapedJson } from '@sallyport/core/terminal/escaped-json.js';
import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import { usage } from './failure.js';

export type Cell = string | number | undefined;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function tell(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** NO_COLOR (any value), `--no-color` or a pipe switch colour off. */
export function paint(color: 'red' | 'green' | 'yellow' | 'dim', text: string, stream: NodeJS.WriteStream): string {
  const off = (process.env.NO_COLOR ?? '') !== '' || process.env.TERM === 'dumb' || !stream.isTTY;
  if (off || process.argv.includes('--no-color')) return text;
  const code = { red: 31, green: 32, yellow: 33, dim: 2 }[color];
  return `\u001b[${code}m${text}\u001b[0m`;
}

/** One document, snake_case, times as RFC 3339. */
export function printJson(value: unknown, indent = 2): void {
  print(jsonText(value, indent));
}

export function jsonText(value: unknown, indent?: number): string {
  return escapedJson(JSON.stringify(publicJson(value), undefined, indent));
}

/** Keys inside these are the user's own words. */
const FREE_MAPS = new Set(['labels', 'params', 'detail']);

export function publicJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(publicJson);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      const name = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      if (FREE_MAPS.has(key)) return [name, inner];
      const isTime = typeof inner === 'number' && (key === 'at' || key === 'until' || key.endsWith('At'));
      return [name, isTime ? new Date(inner).toISOString() : publicJson(inner)];
    }),
  );
}

/** Aligned columns without boxes; wide characters count as two. */
export function printTable(head: readonly string[], rows: readonly (readonly Cell[])[]): void {
  const texts = rows.map((row) => row.map((cell) => visibleText(String(cell ?? '-'))));
  const widths = head.map((title, i) => Math.max(...[title, ...texts.map((row) => row[i] ?? '')].map(columns)));
  const line = (cells: readonly string[]): string =>
    cells.map((cell, i) => (i === cells.length - 1 ? cell : cell + ' '.repeat(widths[i]! - columns(cell)))).join('  ');
  print(paint('dim', line(head), process.stdout));
  for (const row of texts) print(line(row));
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u;

export function columns(text: string): number {
  let width = 0;
  for (const char of text) width += /\p{M}/u.test(char) ? 0 : WIDE.test(char) ? 2 : 1;
  return width;
}

/** `3 min ago` under a day, else the local date and time. */
export function ago(at: number | undefined, now = Date.now()): string | undefined {
  if (at === undefined) return undefined;
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  if (seconds < 90) return `${seconds} s ago`;
  if (seconds < 5400) return `${Math.round(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h ago`;
  return new Date(at).toISOString().replace('T', ' ').slice(0, 16);
}

export interface Asking {
  /** False with `--no-input`. */
  readonly input: boolean;
}

export async function ask(question: string, option: string, { input }: Asking): Promise<string> {
  if (!input || !process.stdin.isTTY) throw usage(`${question} is needed`, `Give it with ${option}.`);
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await reader.question(`${question}: `);
  } finally {
    reader.close();
  }
}

/** Reads without echo. */
export async function askSecret(question: string, option: string, { input }: Asking): Promise<string> {
  const { stdin } = process;
  if (!input || !stdin.isTTY) throw usage(`${question} is needed`, `Give it with ${option}.`);
  process.stderr.write(`${question}: `);
  stdin.setRawMode(true);
  try {
    let typed = '';
    for await (const chunk of stdin.setEncoding('utf8')) {
      for (const char of String(chunk)) {
        if (char === '\u0003') process.exit(130);
        if (char === '\r' || char === '\n' || char === '\u0004') return typed;
        if (char === '\u007f' || char === '\b') typed = [...typed].slice(0, -1).join('');
        else typed += char;
      }
    }
    return typed;
  } finally {
    stdin.setRawMode(false);
    process.stderr.write('\n');
  }
}
