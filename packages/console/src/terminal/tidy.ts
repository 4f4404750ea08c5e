/**
 * What makes a screen readable after a program that cannot clean up behind itself any more: the normal screen first, as
 * what follows belongs to it, then margins, pen, character sets, keys, mouse, focus reports, brackets, cursor, line ends,
 * held repaints; colours last, because a program may have made its text the colour of its ground.
 */
const MODES = [9, 1000, 1002, 1003, 1006, 1016, 1004, 2004, 2026, 1].map((mode) => `\x1b[?${mode}l`).join('');
const COLOURS = ['104', '110', '111', '112'].map((code) => `\x1b]${code}\x1b\\`).join('');

export const leaveProgram = (alternateScreen: boolean): string =>
  `${alternateScreen ? '\x1b[?1049l' : ''}\x1b[!p${MODES}\x1b[4l\x1b[20l\x1b>\x1b[?25h\x1b[0 q${COLOURS}`;
