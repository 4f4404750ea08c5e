/**
 * How many cells a character takes where no emulator is asked: two for the wide blocks of East Asian scripts and emoji,
 * none for marks that join the character before. Ranges instead of a table of all of Unicode: right for text that is
 * searched, not for a screen, whose widths are the emulator's.
 */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1faff],
  [0x20000, 0x3fffd],
];
export const isWide = (code: number): boolean =>
  code >= 0x1100 && WIDE.some(([from, to]) => code >= from && code <= to);
const JOINS = /^(?:\p{M}|\u200d)$/u;
export const joins = (char: string): boolean => JOINS.test(char);
