/** The one WebSocket of this page for all that is watched; it stands only while something is. */
import { WATCH_PATH, WATCH_SUBPROTOCOL } from '@sallyport/core/wire/watch-frames.js';
import { ask } from '../api/client.js';
import { pageClock } from '../terminal/page-clock.js';
import { createTerminalSocket, type TerminalSocket } from '../terminal/socket.js';

let socket: TerminalSocket | undefined;

export function watchSocket(): TerminalSocket {
  if (socket !== undefined) return socket;
  const made = createTerminalSocket({
    clock: pageClock,
    connect() {
      const url = new URL(WATCH_PATH, location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      const line = new WebSocket(url, WATCH_SUBPROTOCOL);
      line.binaryType = 'arraybuffer';
      return line;
    },
    // Its 401 leads to the door.
    signedOut: () => void ask('GET', 'me'),
  });
  const probe = (): void => made.probe();
  window.addEventListener('online', probe);
  window.addEventListener('offline', probe);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') probe();
  });
  socket = made;
  return made;
}
