/** The emulator of a watch: as a replay's, it only shows; at the end it leaves what the program had taken. */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { createReplayScreen, type ShowTarget } from '../replay/replay-screen.js';
import { leaveProgram } from '../terminal/tidy.js';
import type { WatchScreen } from './watcher.js';

const utf8 = new TextEncoder();
/** Ends a sequence left open. */
const ABANDON = '\x18';

export function createWatchScreen(
  target: ShowTarget & { readonly buffer: { readonly active: { readonly type: 'normal' | 'alternate' } } },
  resized: (size: TerminalSize) => void,
): WatchScreen {
  const screen = createReplayScreen(target, resized);
  return {
    restore: (snapshot, parsed) => screen.restore(snapshot, parsed),
    write: (bytes, parsed) => screen.write(bytes, parsed),
    resize: (size) => screen.resize(size),
    leave() {
      // After everything that came has been parsed: only then is it known which screen shows.
      target.write('', () => {
        target.write(utf8.encode(`${ABANDON}${leaveProgram(target.buffer.active.type === 'alternate')}`));
      });
    },
  };
}
