/**
 * A terminal that only shows. Nothing it answers is connected to anything (V32): no input, no replies, no clipboard,
 * no links. The pieces of xterm.js used here exist in @xterm/headless too.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { MAX_WRITE_BYTES } from '@sallyport/core/terminal/emulator-rules.js';
import { createScrollbackRoom, type RoomTarget } from '@sallyport/core/terminal/scrollback-room.js';
import { COLOURS_BACK, RESET } from '@sallyport/core/terminal/snapshot.js';
import { createWholeCharacters } from '@sallyport/core/terminal/whole-characters.js';
import type { ReplayScreen } from './player.js';

type Numbers = readonly (number | number[])[];
export interface ShowTarget extends RoomTarget {
  readonly parser: RoomTarget['parser'] & {
    registerCsiHandler(id: { prefix?: string; final: string }, handle: (parameters: Numbers) => boolean): unknown;
    registerOscHandler(identifier: number, handle: () => boolean): unknown;
  };
  write(data: string | Uint8Array, parsed?: () => void): void;
  resize(cols: number, rows: number): void;
  reset(): void;
}

/** Reports of the mouse: with them on, text could not be selected. Of the old encoding's mode too. */
const MOUSE_MODES = new Set([9, 1000, 1002, 1003]);
const COLOUR_CHANGES = [4, 10, 11, 12];

export function createReplayScreen(
  target: ShowTarget,
  resized: (size: TerminalSize) => void = () => undefined,
): ReplayScreen {
  const at = (size: TerminalSize): void => {
    target.resize(size.cols, size.rows);
    resized(size);
  };
  const whole = createWholeCharacters();
  const room = createScrollbackRoom(target, target.options.scrollback);
  let coloured = false;
  target.parser.registerCsiHandler(
    { prefix: '?', final: 'h' },
    (modes) => modes.length > 0 && modes.every((mode) => typeof mode === 'number' && MOUSE_MODES.has(mode)),
  );
  for (const change of COLOUR_CHANGES)
    target.parser.registerOscHandler(change, () => {
      coloured = true;
      return false;
    });
  const emptied = (size: TerminalSize): void => {
    whole.drop();
    // Giving colours back makes the page draw its styles anew, so only when some were changed.
    target.write(coloured ? RESET + COLOURS_BACK : RESET, () => {
      target.reset();
      at(size);
    });
    coloured = false;
  };
  const write = (bytes: Uint8Array, parsed?: () => void): void => {
    const half = MAX_WRITE_BYTES / 2;
    for (let from = 0; from === 0 || from < bytes.length; from += half) {
      const last = from + half >= bytes.length;
      target.write(whole.take(bytes.subarray(from, from + half)), last ? parsed : undefined);
    }
  };
  return {
    write,
    resize: (size) => target.write('', () => at(size)),
    clear: emptied,
    restore({ size, scrollback, bytes }, parsed) {
      emptied(size);
      target.write('', () => room.begin(scrollback));
      write(bytes, () => {
        room.done();
        parsed?.();
      });
    },
    settled: () => new Promise((done) => target.write('', done)),
  };
}
