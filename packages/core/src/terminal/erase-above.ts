/**
 * xterm.js 6.0 throws at ED 1 (erase above) with the cursor in the last cell of a screen without scrollback, and an
 * emulator whose parser has thrown never parses again: one line of output would end the terminal of everybody who looks
 * at it. There the whole screen is above, so ED 2 does the same.
 */
interface EraseTarget {
  readonly cols: number;
  readonly rows: number;
  readonly buffer: { readonly active: { readonly cursorX: number; readonly cursorY: number } };
  readonly parser: {
    registerCsiHandler(
      id: { readonly prefix?: string; readonly final: string },
      handle: (parameters: readonly (number | number[])[]) => boolean,
    ): unknown;
  };
}
interface Insides {
  readonly _core: {
    readonly _inputHandler: {
      eraseInDisplay(parameters: { params: number[]; length: number }, respectProtected: boolean): boolean;
    };
  };
}

/** For every emulator, with a page or without, as soon as it is made. */
export function mendEraseAbove(target: EraseTarget): void {
  const { _core: core } = target as unknown as Insides;
  for (const prefix of ['', '?']) {
    target.parser.registerCsiHandler({ ...(prefix === '' ? {} : { prefix }), final: 'J' }, ([what]) => {
      const { cursorX, cursorY } = target.buffer.active;
      if (what !== 1 || cursorY < target.rows - 1 || cursorX < target.cols - 1) return false;
      return core._inputHandler.eraseInDisplay({ params: [2], length: 1 }, prefix === '?');
    });
  }
}
