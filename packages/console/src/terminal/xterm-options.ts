/** What the live terminal and the replay share, so that both show the same cells. */
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { type ITerminalOptions, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { preferences } from './preferences.js';
import { MONO, TERMINAL_THEMES } from './themes.js';

export const SCROLLBACK_LINES = 10_000;
/** Colours chosen by programs are lifted to this contrast. */
const MINIMUM_CONTRAST = 4.5;

export function makeTerminal(options: ITerminalOptions): Terminal {
  const { theme, fontSize, screenReader } = preferences();
  const terminal = new Terminal({
    allowProposedApi: true, // the width tables are chosen through it
    fontFamily: MONO,
    fontSize,
    lineHeight: 1.2,
    theme: TERMINAL_THEMES[theme],
    minimumContrastRatio: MINIMUM_CONTRAST,
    scrollback: SCROLLBACK_LINES,
    screenReaderMode: screenReader,
    fontWeightBold: 600,
    ...options,
  });
  terminal.loadAddon(new Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  return terminal;
}
