/**
 * Which DEC private modes are set at a point of the output, without an emulator: the last `CSI ? n h` or `l` of each mode
 * wins. Used where history is cut: the modes set before the cut (alternate screen, mouse, bracketed paste, cursor keys)
 * are put back so that keys and paste keep their meaning. Not the screen's content: the program repaints that.
 * Limits: a reset (`ESC c`) clears all; modes saved by `CSI ? n s` are not followed; at most 64 modes are kept.
 */
const ESC = 0x1b;
const BRACKET = 0x5b;
const QUESTION = 0x3f;
const MAX_MODES = 64;
/** `CSI ? ` and ten four-digit modes. Longer is not a mode switch of any program seen. */
const MAX_SEQUENCE = 64;

export interface ModeScan {
  scan(bytes: Uint8Array): void;
  /** A reset followed by the modes now set, as terminal bytes. */
  restore(): Uint8Array;
}

export function createModeScan(): ModeScan {
  const modes = new Map<number, boolean>();
  let pending: number[] = []; // bytes of a sequence cut by the end of a chunk; empty in ground state

  function apply(final: number, digits: readonly number[]): void {
    const set = final === 0x68;
    for (const part of String.fromCharCode(...digits).split(';')) {
      const mode = Number.parseInt(part, 10);
      if (Number.isNaN(mode)) continue;
      if (modes.has(mode) || modes.size < MAX_MODES) modes.set(mode, set);
    }
  }

  function feed(byte: number): void {
    const n = pending.length;
    if (byte === ESC) {
      pending = [ESC];
    } else if (n === 1) {
      if (byte === 0x63) modes.clear();
      if (byte === BRACKET) pending.push(byte);
      else pending = [];
    } else if (n === 2) {
      if (byte === QUESTION) pending.push(byte);
      else pending = [];
    } else if ((byte >= 0x30 && byte <= 0x39) || byte === 0x3b) {
      if (n < MAX_SEQUENCE) pending.push(byte);
      else pending = [];
    } else {
      if (byte === 0x68 || byte === 0x6c) apply(byte, pending.slice(3));
      pending = [];
    }
  }

  return {
    scan(bytes) {
      let i = 0;
      while (i < bytes.length) {
        if (pending.length === 0) {
          i = bytes.indexOf(ESC, i); // plain text is skipped at memchr speed
          if (i < 0) return;
        }
        feed(bytes[i]!);
        i++;
      }
    },
    restore() {
      // Entering the alternate screen comes first: the other modes then apply to it.
      const on = [...modes].filter(([, set]) => set).map(([mode]) => mode);
      const off = [...modes].filter(([mode, set]) => !set && (mode === 7 || mode === 25)).map(([mode]) => mode);
      const isScreen = (mode: number): boolean => mode === 47 || mode === 1047 || mode === 1049;
      const screen = on.filter(isScreen);
      const rest = on.filter((mode) => !isScreen(mode));
      const sequences = [...screen, ...rest]
        .map((mode) => `\x1b[?${mode}h`)
        .concat(off.map((mode) => `\x1b[?${mode}l`));
      return new TextEncoder().encode(`\x1bc${sequences.join('')}`);
    },
  };
}
