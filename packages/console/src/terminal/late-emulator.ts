/**
 * The emulator of one pane from before its code is here. A shell is opened with the click on Connect, and xterm.js, the
 * largest thing this page loads, is fetched, compiled and drawn while the gateway dials; loading it first would put the
 * two one after the other. What comes before it waits here in order. That is bounded: nothing of it is credited, so the
 * gateway stops at its window.
 *
 * The emulator is made when the pane is put into the page, or at the first byte for one that is hidden, and then in a
 * task of its own: frames that wait for the page's only thread are read between drawing the page and drawing this.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { createEmulator, Emulator, EmulatorHooks, EmulatorModes } from './emulator.js';

const NOTHING_YET: EmulatorModes = { applicationCursorKeys: false, alternateScreen: false, scrolled: false };

export function createLateEmulator(
  deps: { code(): Promise<typeof createEmulator>; likelySize(): TerminalSize },
  hooks: EmulatorHooks,
): Emulator {
  let real: Emulator | undefined;
  let asked = false;
  let gone = false;
  let waiting: ((made: Emulator) => void)[] = [];
  let size: TerminalSize | undefined;
  let container: HTMLElement | undefined;
  let detach: (() => void) | undefined;

  function make(create: typeof createEmulator): void {
    if (gone) return;
    const made = create(hooks);
    real = made;
    if (size) made.resize(size.cols, size.rows);
    if (container) {
      detach = made.attach(container);
      // First, so that what waits is drawn once, at the size that shows.
      hooks.resized(made.fit());
    }
    const acts = waiting;
    waiting = [];
    for (const act of acts) act(made);
  }
  function ask(): void {
    if (asked) return;
    asked = true;
    deps.code().then(
      (create) => setTimeout(() => make(create)),
      () => {
        // The page tells it; once it is loaded again the pane finds its emulator.
        asked = false;
      },
    );
  }
  const soon = (act: (made: Emulator) => void): void => {
    if (real) act(real);
    else if (!gone) waiting.push(act);
  };

  return {
    attach(place) {
      container = place;
      if (real) detach = real.attach(place);
      else ask();
      return () => {
        container = undefined;
        detach?.();
        detach = undefined;
      };
    },
    write(data, parsed) {
      soon((made) => made.write(data, parsed));
      ask();
    },
    resize(cols, rows) {
      if (real) real.resize(cols, rows);
      else size = { cols, rows };
    },
    reset: () => soon((made) => made.reset()),
    fit: () => real?.fit() ?? deps.likelySize(),
    focus: () => soon((made) => made.focus()),
    input: (data) => soon((made) => made.input(data)),
    paste: (text) => soon((made) => made.paste(text)),
    search: () => new Promise((resolve, reject) => soon((made) => made.search().then(resolve, reject))),
    label: (text) => soon((made) => made.label(text)),
    dispose() {
      gone = true;
      waiting = [];
      real?.dispose();
    },
    get modes() {
      return real?.modes ?? NOTHING_YET;
    },
  };
}
