/** An emulator that nobody sees: the page's own, written to at once, so that a screen can be taken between two bytes. */
import type { IndexedEmulator } from '@sallyport/core/cast/replay-index-builder.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { MAX_WRITE_BYTES } from '@sallyport/core/terminal/emulator-rules.js';
import { insidesOf, keepPalette, viewOf } from '@sallyport/core/terminal/emulator-view.js';
import { createWholeCharacters } from '@sallyport/core/terminal/whole-characters.js';
import { makeTerminal } from '../terminal/xterm-options.js';

export function pageEmulator(size: TerminalSize): IndexedEmulator {
  const terminal = makeTerminal({ cursorBlink: false, screenReaderMode: false, logLevel: 'off' });
  terminal.resize(size.cols, size.rows);
  const core = insidesOf(terminal);
  const palette = keepPalette(core);
  const whole = createWholeCharacters();
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length; at += MAX_WRITE_BYTES / 2)
        core.writeSync(whole.take(bytes.subarray(at, at + MAX_WRITE_BYTES / 2)));
    },
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    view: () => viewOf(core, palette, 0, () => makeTerminal({ logLevel: 'off' })),
    dispose: () => terminal.dispose(),
  };
}
