/** Leaves a screen readable after a full-screen program: margins, colours, mouse, brackets, focus reports, keys. */
export const TIDY = '\x1b[!p\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?1004l\x1b[?1l\x1b>\x1b[?25h';
