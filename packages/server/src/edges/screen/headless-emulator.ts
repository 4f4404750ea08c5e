/**
 * An emulator without a page: @xterm/headless 6.0.0 with the widths and the scrollback of the console's. What it
 * shows is read by core/terminal/emulator-view.ts, from its insides. The test pins the version; a newer one is taken up
 * with that test.
 *
 * It is written to at once, in the caller's time: it runs in a worker.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { CoreInsides } from '@sallyport/core/terminal/emulator-insides.js';
import { MAX_WRITE_BYTES, SCROLLBACK_LINES, UNICODE_VERSION } from '@sallyport/core/terminal/emulator-rules.js';
import { insidesOf, keepPalette, viewOf } from '@sallyport/core/terminal/emulator-view.js';
import { mendEraseAbove } from '@sallyport/core/terminal/erase-above.js';
import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import { createScrollbackRoom } from '@sallyport/core/terminal/scrollback-room.js';
import { PRISTINE, type ScreenSnapshot } from '@sallyport/core/terminal/snapshot.js';
import { createWholeCharacters } from '@sallyport/core/terminal/whole-characters.js';
import unicode11 from '@xterm/addon-unicode11';
import xterm from '@xterm/headless';

export interface HeadlessEmulator {
  write(bytes: Uint8Array): void;
  /** In its place between two writes. */
  resize(size: TerminalSize): void;
  /** `history`: how many of the lines that have scrolled away. */
  view(history?: number): ScreenView;
  /** Instead of what it shows. */
  restore(snapshot: ScreenSnapshot): void;
  dispose(): void;
}

export function createHeadlessEmulator(
  size: TerminalSize,
  scrollback: number = SCROLLBACK_LINES,
): HeadlessEmulator & { readonly insides: CoreInsides; readonly terminal: xterm.Terminal } {
  const terminal = new xterm.Terminal({ ...size, scrollback, allowProposedApi: true, logLevel: 'off' });
  terminal.loadAddon(new unicode11.Unicode11Addon() as unknown as Parameters<typeof terminal.loadAddon>[0]);
  terminal.unicode.activeVersion = UNICODE_VERSION;
  mendEraseAbove(terminal);
  const core = insidesOf(terminal);
  const whole = createWholeCharacters();
  const palette = keepPalette(core);
  let room: ReturnType<typeof createScrollbackRoom> | undefined;
  const write = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; at += MAX_WRITE_BYTES / 2)
      core.writeSync(whole.take(bytes.subarray(at, at + MAX_WRITE_BYTES / 2)));
  };
  return {
    insides: core,
    terminal,
    write,
    restore(snapshot) {
      room ??= createScrollbackRoom(terminal, scrollback);
      whole.drop();
      core.writeSync(PRISTINE);
      terminal.resize(snapshot.size.cols, snapshot.size.rows);
      room.begin(snapshot.scrollback);
      write(snapshot.bytes);
      room.done();
    },
    resize: ({ cols, rows }) => terminal.resize(cols, rows),
    view: (history = 0) => viewOf(core, palette, history, blank),
    dispose: () => terminal.dispose(),
  };
}

const blank = () => new xterm.Terminal({ cols: 2, rows: 1, allowProposedApi: true, logLevel: 'off' });
