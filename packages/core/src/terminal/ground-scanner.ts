/**
 * Tells from the bytes alone where an emulator may be photographed and another one put in its place: outside every
 * escape sequence and character ("ground"), and, for a safe point, right after a control, so that no combining mark or
 * REP that follows can reach back to the character before.
 *
 * It is the transition table of the DEC parser as xterm.js 6 has it, without actions; the law is that it agrees with
 * the emulator after every byte, for any bytes in any pieces. Asking the emulator instead would mean feeding it byte by
 * byte. It keeps a handful of numbers, whatever comes.
 */
const STATE = {
  GROUND: 0,
  ESCAPE: 1,
  ESCAPE_INTERMEDIATE: 2,
  CSI_ENTRY: 3,
  CSI_PARAM: 4,
  CSI_INTERMEDIATE: 5,
  CSI_IGNORE: 6,
  STRING: 7, // SOS, PM, APC
  OSC: 8,
  DCS_ENTRY: 9,
  DCS_PARAM: 10,
  DCS_INTERMEDIATE: 11,
  DCS_IGNORE: 12,
  DCS_PASSTHROUGH: 13,
} as const;

export interface GroundScanner {
  /** Takes the next bytes; answers how many of them lead up to the last safe point among them, -1: there is none. */
  push(bytes: Uint8Array): number;
  /** Between sequences and between characters. */
  readonly ground: boolean;
  /** Ground, and nothing that follows can change the character before. */
  readonly safe: boolean;
}

export function createGroundScanner(): GroundScanner {
  let state: number = STATE.GROUND;
  /** A printed character that a combining mark could join. */
  let joinable = false;
  /** Of a UTF-8 character: bytes still due, and what came so far. */
  let due = 0;
  let length = 0;
  let code = 0;

  const take = (point: number): void => {
    if (point < 0x20 || (point >= 0x7f && point < 0xa0)) {
      if (anywhere(point)) return;
      control(point);
    } else if (point < 0x7f) printable(point);
    else beyond();
  };
  /** Rules that hold in every state. */
  const anywhere = (point: number): boolean => {
    if (point === 0x1b || point === 0x9b || point === 0x90 || point === 0x9d) {
      const strings = state === STATE.OSC || state === STATE.DCS_PASSTHROUGH;
      if (point === 0x1b && strings) joinable = false; // the string ends and is acted upon
      state =
        point === 0x1b ? STATE.ESCAPE : point === 0x9b ? STATE.CSI_ENTRY : point === 0x90 ? STATE.DCS_ENTRY : STATE.OSC;
      return true;
    }
    if (point === 0x98 || point === 0x9e || point === 0x9f) {
      state = STATE.STRING;
      return true;
    }
    if (point === 0x9c) {
      if (state === STATE.OSC || state === STATE.DCS_PASSTHROUGH) joinable = false;
      state = STATE.GROUND;
      return true;
    }
    if (point === 0x18 || point === 0x1a || (point >= 0x80 && point < 0xa0)) {
      state = STATE.GROUND;
      joinable = false;
      return true;
    }
    return false;
  };
  /** C0 and DEL, those of `anywhere` apart. */
  const control = (point: number): void => {
    switch (state) {
      case STATE.GROUND:
        if (point !== 0x7f) joinable = false;
        return;
      case STATE.OSC:
        if (point === 0x07) {
          state = STATE.GROUND;
          joinable = false;
        }
        return;
      case STATE.ESCAPE:
      case STATE.ESCAPE_INTERMEDIATE:
      case STATE.CSI_ENTRY:
      case STATE.CSI_PARAM:
      case STATE.CSI_INTERMEDIATE:
      case STATE.CSI_IGNORE:
        if (point !== 0x7f) joinable = false;
        return;
      default:
    }
  };
  const dispatch = (): void => {
    state = STATE.GROUND;
    joinable = false;
  };
  const printable = (point: number): void => {
    switch (state) {
      case STATE.GROUND:
        joinable = true;
        return;
      case STATE.ESCAPE:
        if (point < 0x30) state = STATE.ESCAPE_INTERMEDIATE;
        else if (point === 0x5b) state = STATE.CSI_ENTRY;
        else if (point === 0x5d) state = STATE.OSC;
        else if (point === 0x50) state = STATE.DCS_ENTRY;
        else if (point === 0x58 || point === 0x5e || point === 0x5f) state = STATE.STRING;
        else dispatch();
        return;
      case STATE.ESCAPE_INTERMEDIATE:
        if (point >= 0x30) dispatch();
        return;
      case STATE.CSI_ENTRY:
      case STATE.CSI_PARAM:
        if (point >= 0x40) dispatch();
        else if (point < 0x30) state = STATE.CSI_INTERMEDIATE;
        else if (point >= 0x3c && state === STATE.CSI_PARAM) state = STATE.CSI_IGNORE;
        else state = STATE.CSI_PARAM;
        return;
      case STATE.CSI_INTERMEDIATE:
        if (point >= 0x40) dispatch();
        else if (point >= 0x30) state = STATE.CSI_IGNORE;
        return;
      case STATE.CSI_IGNORE:
        if (point >= 0x40) state = STATE.GROUND;
        return;
      case STATE.DCS_ENTRY:
      case STATE.DCS_PARAM:
        if (point >= 0x40) state = STATE.DCS_PASSTHROUGH;
        else if (point < 0x30) state = STATE.DCS_INTERMEDIATE;
        else if (point >= 0x3c && state === STATE.DCS_PARAM) state = STATE.DCS_IGNORE;
        else state = STATE.DCS_PARAM;
        return;
      case STATE.DCS_INTERMEDIATE:
        if (point >= 0x40) state = STATE.DCS_PASSTHROUGH;
        else if (point >= 0x30) state = STATE.DCS_IGNORE;
        return;
      default:
    }
  };
  /** Characters from U+00A0 on: text, part of a string, or an error that ends the sequence. */
  const beyond = (): void => {
    if (state === STATE.GROUND) joinable = true;
    else if (
      state !== STATE.OSC &&
      state !== STATE.DCS_PASSTHROUGH &&
      state !== STATE.DCS_IGNORE &&
      state !== STATE.CSI_IGNORE
    )
      state = STATE.GROUND;
  };
  /** Bytes to code points, refusing what xterm.js refuses; true when the byte was used. */
  const more = (byte: number): boolean => {
    if ((byte & 0xc0) !== 0x80) {
      due = 0; // a character broken off: the byte begins something new
      return false;
    }
    code = (code << 6) | (byte & 0x3f);
    due -= 1;
    if (due > 0) return true;
    const sound =
      length === 2
        ? code >= 0x80
        : length === 3
          ? code >= 0x800 && (code < 0xd800 || code > 0xdfff) && code !== 0xfeff
          : code >= 0x10000 && code <= 0x10ffff;
    if (sound) take(code);
    return true;
  };

  const scanner: GroundScanner = {
    push(bytes) {
      let safe = -1;
      for (let at = 0; at < bytes.length; at++) {
        const byte = bytes[at]!;
        if (due > 0 && more(byte)) {
          if (scanner.safe) safe = at + 1;
          continue;
        }
        if (byte < 0x80) {
          if (state === STATE.GROUND && byte >= 0x20 && byte < 0x7f) {
            joinable = true; // most bytes of most streams
            continue;
          }
          take(byte);
        } else if (byte >= 0xc0 && byte < 0xf8) {
          length = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
          due = length - 1;
          code = byte & (0xff >> (length + 1));
        }
        if (state === STATE.GROUND && !joinable && due === 0) safe = at + 1;
      }
      return safe;
    },
    get ground() {
      return state === STATE.GROUND && due === 0;
    },
    get safe() {
      return state === STATE.GROUND && due === 0 && !joinable;
    },
  };
  return scanner;
}
