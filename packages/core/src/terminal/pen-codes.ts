/** A pen as the sequences that take it up: SGR from scratch, DECSCA, OSC 8. */
import { COLOUR, type Link, PEN, type Pen } from './screen-view.js';

/** A longer address is not brought back; the text stays. */
const LINK_CHARACTERS = 2_048;
const FLAG_CODES: readonly (readonly [number, number])[] = [
  [PEN.BOLD, 1],
  [PEN.DIM, 2],
  [PEN.ITALIC, 3],
  [PEN.BLINK, 5],
  [PEN.INVERSE, 7],
  [PEN.INVISIBLE, 8],
  [PEN.STRIKETHROUGH, 9],
  [PEN.OVERLINE, 53],
];

/** Everything of a pen but its link. Resets first: shorter than differences when few pens are in use, and never wrong. */
export function selectPen(pen: Pen): string {
  const codes: string[] = [];
  for (const [flag, code] of FLAG_CODES) if ((pen.flags & flag) !== 0) codes.push(String(code));
  if (pen.underline > 0) codes.push(pen.underline === 1 ? '4' : `4:${pen.underline}`);
  if (pen.fg !== 0) codes.push(colour(pen.fg, 30));
  if (pen.bg !== 0) codes.push(colour(pen.bg, 40));
  if (pen.underlineColour !== 0) codes.push(underlineColour(pen.underlineColour));
  const select = codes.length === 0 ? '\x1b[m' : `\x1b[0;${codes.join(';')}m`;
  return (pen.flags & PEN.PROTECTED) !== 0 ? `${select}\x1b[1"q` : select;
}

export function openLink(link: Link | undefined): string {
  if (link === undefined || !isKeptLink(link)) return '\x1b]8;;\x1b\\';
  return `\x1b]8;${link.id === undefined ? '' : `id=${link.id}`};${link.uri}\x1b\\`;
}

export const isKeptLink = ({ uri, id }: Link): boolean => uri.length + (id?.length ?? 0) <= LINK_CHARACTERS;

function colour(raw: number, base: 30 | 40): string {
  const value = raw & COLOUR.VALUE;
  switch (raw & COLOUR.KIND) {
    case COLOUR.P16:
      return String(value < 8 ? base + value : base + 52 + value);
    case COLOUR.P256:
      return `${base + 8};5;${value}`;
    default:
      return `${base + 8};2;${channels(value).join(';')}`;
  }
}
const underlineColour = (raw: number): string =>
  (raw & COLOUR.KIND) === COLOUR.P256
    ? `58:5:${raw & COLOUR.VALUE}`
    : `58:2::${channels(raw & COLOUR.VALUE).join(':')}`;
export const channels = (rgb: number): readonly [number, number, number] => [rgb >> 16, (rgb >> 8) & 0xff, rgb & 0xff];
