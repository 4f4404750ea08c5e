/**
 * What every emulator of a session must agree on, or the same bytes give other screens: the live page, the replay, and
 * the emulators on the server that make snapshots. Widths come from the unicode tables; lines scrolled away come back
 * when a window grows, and a saved cursor moves with them until the scrollback is full.
 */
export const SCROLLBACK_LINES = 10_000;
/** Of @xterm/addon-unicode11. */
export const UNICODE_VERSION = '11';
/** xterm.js cuts larger writes itself, also inside a character, and then loses it (see whole-characters.ts). */
export const MAX_WRITE_BYTES = 128 * 1024;
