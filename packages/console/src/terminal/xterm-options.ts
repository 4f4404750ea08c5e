/** What the live terminal and the replay share, so that both show the same cells. */
import { SCROLLBACK_LINES, UNICODE_VERSION } from '@sallyport/core/terminal/emulator-rules.js';
import { mendEraseAbove } from '@sallyport/core/terminal/erase-above.js';
import { Unicode11Addon } from '@xterm/addon-unicode11';
import { type ITerminalOptions, Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { preferences } from './preferences.js';
import { MONO, TERMINAL_THEMES } from './themes.js';

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
  terminal.unicode.activeVersion = UNICODE_VERSION;
  mendEraseAbove(terminal);
  return terminal;
}
