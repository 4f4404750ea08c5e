/**
 * The colours a picture of a terminal is drawn in: those of the console's dark terminal, the 256 of xterm, and what a
 * program has changed. For pictures that go where no theme is.
 */
import { COLOUR } from './screen-view.js';

export const BACKGROUND = '#0f1413';
export const FOREGROUND = '#d5dbd8';
export const CURSOR = '#4fc3ae';
const SIXTEEN = [
  ...['#0f1413', '#f2837a', '#93c96a', '#e0b656', '#82b1f5', '#cf9fe8', '#5cc8bd', '#d5dbd8'],
  ...['#77827d', '#ff9d95', '#aedd88', '#f0cb76', '#a3c7ff', '#dfb9f2', '#83dbd2', '#f3f6f4'],
];
const LAST_DIM = 7;
const TO_BRIGHT = 8;

type Palette = ReadonlyMap<number, number>;

/** Of a pen's colour; undefined: the default. Bold text in one of the eight dark colours is bright, as on the screen. */
export function colourOf(raw: number, palette: Palette, bold = false): string | undefined {
  const kind = raw & COLOUR.KIND;
  if (kind === 0) return undefined;
  const value = raw & COLOUR.VALUE;
  if (kind === COLOUR.RGB) return hex(value);
  return ofPalette(bold && value <= LAST_DIM ? value + TO_BRIGHT : value, palette);
}

export function ofPalette(index: number, palette: Palette): string {
  const changed = palette.get(index);
  if (changed !== undefined) return hex(changed);
  if (index < SIXTEEN.length) return SIXTEEN[index]!;
  if (index >= 232) return hex((8 + (index - 232) * 10) * 0x010101);
  const level = (part: number): number => (part === 0 ? 0 : 55 + part * 40);
  const at = index - 16;
  return hex((level(Math.floor(at / 36)) << 16) | (level(Math.floor(at / 6) % 6) << 8) | level(at % 6));
}

const hex = (rgb: number): string => `#${rgb.toString(16).padStart(6, '0')}`;
