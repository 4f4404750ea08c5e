/** Terminal colours, apart from the page's theme. The same values stand as --t-* in ui/tokens.css for what is drawn around. */
import type { ITheme } from '@xterm/xterm';

export type TerminalTheme = 'night' | 'day';

const NIGHT: ITheme = {
  background: '#0f1413',
  foreground: '#d5dbd8',
  cursor: '#4fc3ae',
  cursorAccent: '#0f1413',
  selectionBackground: '#27433d',
  black: '#0f1413',
  red: '#f2837a',
  green: '#93c96a',
  yellow: '#e0b656',
  blue: '#82b1f5',
  magenta: '#cf9fe8',
  cyan: '#5cc8bd',
  white: '#d5dbd8',
  brightBlack: '#77827d',
  brightRed: '#ff9d95',
  brightGreen: '#aedd88',
  brightYellow: '#f0cb76',
  brightBlue: '#a3c7ff',
  brightMagenta: '#dfb9f2',
  brightCyan: '#83dbd2',
  brightWhite: '#f3f6f4',
};
const DAY: ITheme = {
  background: '#fbfbf8',
  foreground: '#2a312e',
  cursor: '#0a6b5d',
  cursorAccent: '#fbfbf8',
  selectionBackground: '#cfe6e0',
  black: '#2a312e',
  red: '#b3261e',
  green: '#3a7212',
  yellow: '#855000',
  blue: '#1d5cb8',
  magenta: '#8438a8',
  cyan: '#0a6b5d',
  white: '#646d68',
  brightBlack: '#6c7571',
  brightRed: '#96201a',
  brightGreen: '#2f5e0e',
  brightYellow: '#6b4100',
  brightBlue: '#174b97',
  brightMagenta: '#6c2d8a',
  brightCyan: '#085a4e',
  brightWhite: '#101413',
};
export const TERMINAL_THEMES: Readonly<Record<TerminalTheme, ITheme>> = { night: NIGHT, day: DAY };

/** The same as --mono in ui/tokens.css: the emulator measures the font itself and cannot take a variable. */
export const MONO =
  'ui-monospace, "SF Mono", "Cascadia Mono", "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", "Sarasa Mono SC", "Noto Sans Mono CJK SC", "Noto Sans CJK SC", monospace';
