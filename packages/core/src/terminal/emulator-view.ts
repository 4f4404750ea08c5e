/**
 * What an emulator of the xterm.js 6 family shows, read from behind its public interface: pending attributes, margins,
 * saved cursors, charsets, which mode is on. @xterm/headless on the server and @xterm/xterm in a page have the same
 * insides, so both make the same keyframes. A newer version is taken up with the test of headless-emulator.ts, which
 * pins it.
 */
import type { TerminalSize } from '../model/session.js';
import type { BufferInsides, CoreInsides, ExtendedInsides, LineInsides } from './emulator-insides.js';
import {
  type Cell,
  COLOUR,
  type Link,
  PEN,
  type Pen,
  PLAIN_PEN,
  type Row,
  type ScreenBuffer,
  type ScreenModes,
  type ScreenView,
} from './screen-view.js';

const TITLE_CHARACTERS = 1_024;
const CELL = { FG: 1, BG: 2, WORDS: 3 } as const;
const FG = { INVERSE: 0x4000000, BOLD: 0x8000000, UNDERLINE: 0x10000000, BLINK: 0x20000000 } as const;
const FG_INVISIBLE = 0x40000000;
const FG_STRIKETHROUGH = 0x80000000;
const BG = { ITALIC: 0x4000000, DIM: 0x8000000, EXTENDED: 0x10000000, PROTECTED: 0x20000000, OVERLINE: 0x40000000 };
const MOUSE = { NONE: 0, X10: 9, VT200: 1000, DRAG: 1002, ANY: 1003 } as const;
const ENCODING = { DEFAULT: 0, SGR: 1006, SGR_PIXELS: 1016 } as const;
const STYLE = { block: 2, underline: 4, bar: 6 } as const;
const DESIGNATIONS = '0A45CRQKYE6ZH7=';
const COLOUR_EVENT = { SET: 1, RESTORE: 2 } as const;

/** A terminal that was never opened, to learn the charsets from. */
export type MakeTerminal = () => { dispose(): void };
export const insidesOf = (terminal: object): CoreInsides => (terminal as { readonly _core: CoreInsides })._core;

/** Colours that programs changed; kept from the beginning on, as the emulator forgets which they were. */
export function keepPalette(core: CoreInsides): ReadonlyMap<number, number> {
  const palette = new Map<number, number>();
  core._inputHandler.onColor((changes) => {
    for (const { type, index, color } of changes) {
      if (type === COLOUR_EVENT.SET && color) palette.set(index!, (color[0] << 16) | (color[1] << 8) | color[2]);
      else if (type === COLOUR_EVENT.RESTORE && index !== undefined) palette.delete(index);
      else if (type === COLOUR_EVENT.RESTORE) for (const key of [...palette.keys()]) if (key < 256) palette.delete(key);
    }
  });
  return palette;
}

/** `history`: how many of the lines that have scrolled away. */
export function viewOf(
  core: CoreInsides,
  palette: ReadonlyMap<number, number>,
  history: number,
  make: MakeTerminal,
): ScreenView {
  learnCharsets(make);
  const { cols, rows, buffers } = core._bufferService;
  const { _inputHandler: input, _charsetService: charsets } = core;
  const pens = new Pens(core);
  const alternateShown = buffers.active === buffers.alt;
  const { normal } = buffers;
  return {
    size: { cols, rows },
    normal: { ...bufferOf(normal, { cols, rows }, pens, true), ...historyOf(normal, history, cols, pens) },
    alternate: bufferOf(buffers.alt, { cols, rows }, pens, alternateShown),
    alternateShown,
    pen: pens.current(input._curAttrData),
    charsets: [0, 1, 2, 3].map((n) => letterOf(charsets._charsets[n])),
    shifted: charsets.glevel,
    charset: letterOf(charsets.charset),
    modes: modesOf(core),
    title: input._windowTitle.slice(0, TITLE_CHARACTERS),
    iconName: input._iconName.slice(0, TITLE_CHARACTERS),
    palette: new Map([...palette].sort(([a], [b]) => a - b)),
    scrollbackLeft: Math.max(0, normal.lines.maxLength - rows - normal.ybase),
  };
}

function bufferOf(buffer: BufferInsides, { cols, rows }: TerminalSize, pens: Pens, filled: boolean): ScreenBuffer {
  const lines: Row[] = [];
  for (let y = 0; filled && y < rows; y++) lines.push(rowOf(buffer.lines.get(buffer.ybase + y)!, cols, pens));
  const tabs: number[] = [];
  for (let x = 0; x < cols; x++) if (buffer.tabs[x] === true) tabs.push(x);
  return {
    rows: lines,
    cursor: { x: buffer.x, y: buffer.y },
    saved: {
      x: Math.min(buffer.savedX, cols - 1),
      y: Math.min(rows - 1, Math.max(0, buffer.savedY - buffer.ybase)),
      pen: pens.saved(buffer.savedCurAttrData),
      charset: letterOf(buffer.savedCharset),
    },
    margins: { top: buffer.scrollTop, bottom: buffer.scrollBottom },
    tabs,
  };
}

function historyOf(buffer: BufferInsides, most: number, cols: number, pens: Pens): { readonly history?: Row[] } {
  if (most === 0) return {};
  const history: Row[] = [];
  for (let y = Math.max(0, buffer.ybase - most); y < buffer.ybase; y++)
    history.push(rowOf(buffer.lines.get(y)!, cols, pens));
  return { history };
}

function rowOf(line: LineInsides, cols: number, pens: Pens): Row {
  const cells: Cell[] = [];
  const data = line._data;
  for (let x = 0; x < cols; x++) {
    const at = x * CELL.WORDS;
    const pen = pens.of(data[at + CELL.FG]!, data[at + CELL.BG]!, line._extendedAttrs[x]);
    const width = line.getWidth(x);
    const text = line.getString(x);
    // Half of a wide character is shown as nothing.
    if (width === 2 && x === cols - 1) cells.push({ text: '', width: 1, pen });
    else if (width === 0 && text === '' && cells[x - 1]?.width !== 2) cells.push({ text: '', width: 1, pen });
    else cells.push({ text, width, pen });
  }
  return { wrapped: line.isWrapped, cells };
}

function modesOf(core: CoreInsides): ScreenModes {
  const { decPrivateModes: dec, modes, isCursorHidden } = core.coreService;
  const { activeProtocol, activeEncoding } = core.coreMouseService;
  const { convertEol, cursorBlink } = core.optionsService.rawOptions;
  const style = dec.cursorStyle === undefined ? 0 : STYLE[dec.cursorStyle] - (dec.cursorBlink === true ? 1 : 0);
  return {
    applicationCursorKeys: dec.applicationCursorKeys,
    applicationKeypad: dec.applicationKeypad,
    bracketedPaste: dec.bracketedPasteMode,
    insert: modes.insertMode,
    newLine: convertEol,
    origin: dec.origin,
    reverseWraparound: dec.reverseWraparound,
    sendFocus: dec.sendFocus,
    synchronizedOutput: dec.synchronizedOutput,
    wraparound: dec.wraparound,
    cursorHidden: isCursorHidden,
    cursorBlink,
    cursorStyle: style,
    mouse: MOUSE[activeProtocol],
    mouseEncoding: ENCODING[activeEncoding],
  };
}

/** Raw attributes to pens, each made once. */
class Pens {
  private readonly core: CoreInsides;
  private readonly known = new Map<string, Pen>();
  private readonly links = new Map<string, Link>();

  constructor(core: CoreInsides) {
    this.core = core;
    this.known.set(keyOf(PLAIN_PEN), PLAIN_PEN);
  }

  of(fg: number, bg: number, extended: ExtendedInsides | undefined): Pen {
    if (fg === 0 && bg === 0) return PLAIN_PEN;
    const more = (bg & BG.EXTENDED) === 0 ? undefined : extended;
    const underline = (fg & FG.UNDERLINE) === 0 ? 0 : styleOf(more);
    return this.make(fg, bg, underline, underline === 0 || !more ? 0 : more.underlineColor, this.linkOf(more));
  }

  /** What is printed next: its underline colour is kept though nothing is underlined yet. */
  current({ fg, bg, extended }: { fg: number; bg: number; extended: ExtendedInsides }): Pen {
    const underline = (fg & FG.UNDERLINE) === 0 ? 0 : styleOf(extended);
    return this.make(fg, bg, underline, extended.underlineColor, this.linkOf(extended));
  }

  /** Of a saved cursor's link only its being there is kept. */
  saved({ fg, bg }: { fg: number; bg: number }): Pen {
    const underline = (fg & FG.UNDERLINE) === 0 ? 0 : 1;
    const link = underline === 0 && (bg & BG.EXTENDED) !== 0 ? { uri: 'x:' } : undefined;
    return this.make(fg, bg, underline, 0, link);
  }

  private make(fg: number, bg: number, underline: number, underlineColour: number, link: Link | undefined): Pen {
    const flags =
      flag(fg, FG.BOLD, PEN.BOLD) |
      flag(bg, BG.DIM, PEN.DIM) |
      flag(bg, BG.ITALIC, PEN.ITALIC) |
      flag(fg, FG.BLINK, PEN.BLINK) |
      flag(fg, FG.INVERSE, PEN.INVERSE) |
      flag(fg, FG_INVISIBLE, PEN.INVISIBLE) |
      flag(fg, FG_STRIKETHROUGH, PEN.STRIKETHROUGH) |
      flag(bg, BG.OVERLINE, PEN.OVERLINE) |
      flag(bg, BG.PROTECTED, PEN.PROTECTED);
    const pen: Pen = {
      fg: colourOf(fg),
      bg: colourOf(bg),
      flags,
      underline,
      underlineColour: colourOf(underlineColour),
      link,
    };
    const key = keyOf(pen);
    const known = this.known.get(key);
    if (known) return known;
    this.known.set(key, pen);
    return pen;
  }

  private linkOf(extended: ExtendedInsides | undefined): Link | undefined {
    const data = extended && extended.urlId !== 0 ? this.core._oscLinkService.getLinkData(extended.urlId) : undefined;
    if (!data) return undefined;
    const key = `${data.id ?? ''};${data.uri}`;
    const link = this.links.get(key) ?? { uri: data.uri, ...(data.id === undefined ? {} : { id: data.id }) };
    this.links.set(key, link);
    return link;
  }
}

const flag = (raw: number, bit: number, meaning: number): number => ((raw & bit) === 0 ? 0 : meaning);
const keyOf = ({ fg, bg, flags, underline, underlineColour, link }: Pen): string =>
  `${fg} ${bg} ${flags} ${underline} ${underlineColour} ${link ? `${link.id ?? ''};${link.uri}` : ''}`;
/** The style under a link's own dashes. */
const styleOf = (extended: ExtendedInsides | undefined): number =>
  extended === undefined ? 1 : (extended._ext & 0x1c000000) >> 26;

/** Bits of an older colour stay beside a palette number; they mean nothing. */
function colourOf(raw: number): number {
  const kind = raw & COLOUR.KIND;
  if (kind === 0) return 0;
  return kind === COLOUR.RGB ? raw & (COLOUR.KIND | COLOUR.VALUE) : kind | (raw & 0xff);
}

/** Charsets are the same objects in every terminal: each is called up once, to know it again. */
const LETTERS = new Map<object, string>();
function learnCharsets(make: MakeTerminal): void {
  if (LETTERS.size > 0) return;
  const terminal = make();
  const core = insidesOf(terminal);
  for (const letter of DESIGNATIONS) {
    core.writeSync(`\x1b(${letter}`);
    const found = core._charsetService._charsets[0];
    if (found !== undefined && !LETTERS.has(found)) LETTERS.set(found, letter);
  }
  terminal.dispose();
}
const letterOf = (charset: object | undefined): string => (charset === undefined ? 'B' : (LETTERS.get(charset) ?? 'B'));
