/**
 * A terminal that only shows. Nothing it answers is connected to anything (V32): no input, no replies, no clipboard,
 * no links. The pieces of xterm.js used here exist in @xterm/headless too.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { createWholeCharacters } from '@sallyport/core/terminal/whole-characters.js';
import type { ReplayScreen } from './player.js';

export interface ShowTarget {
  write(data: string | Uint8Array, parsed?: () => void): void;
  resize(cols: number, rows: number): void;
  reset(): void;
}

/** CAN ends a sequence left open, RIS resets what the parser keeps. */
const ABANDON = Uint8Array.of(0x18, 0x1b, 0x63);

export function createReplayScreen(
  target: ShowTarget,
  resized: (size: TerminalSize) => void = () => undefined,
): ReplayScreen {
  const at = (size: TerminalSize): void => {
    target.resize(size.cols, size.rows);
    resized(size);
  };
  const whole = createWholeCharacters();
  return {
    write: (bytes) => target.write(whole.take(bytes)),
    resize: (size) => target.write('', () => at(size)),
    clear(size) {
      whole.drop();
      target.write(ABANDON, () => {
        target.reset();
        at(size);
      });
    },
    settled: () => new Promise((done) => target.write('', done)),
  };
}
