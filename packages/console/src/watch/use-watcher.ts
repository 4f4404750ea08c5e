import { useEffect, useMemo, useState } from 'react';
import { watchTicket } from '../api/controls.js';
import type { ShownTerminal } from '../replay/screen-view.js';
import { NETWORK } from '../terminal/frame-reading.js';
import type { TicketResult } from '../terminal/http-tickets.js';
import { pageClock } from '../terminal/page-clock.js';
import { makeTerminal } from '../terminal/xterm-options.js';
import { createWatchScreen } from './watch-screen.js';
import { watchSocket } from './watch-socket.js';
import { createWatcher, type Watcher, type WatchView } from './watcher.js';

export interface Watch {
  readonly shown: ShownTerminal;
  readonly watcher: Watcher;
}

/** Joins one running session, and leaves it again. */
export function useWatcher(sessionId: string): {
  readonly watch: Watch | undefined;
  readonly view: WatchView | undefined;
} {
  const [watch, setWatch] = useState<Watch>();
  const [view, setView] = useState<WatchView>();
  useEffect(() => {
    const terminal = makeTerminal({
      disableStdin: true,
      cursorBlink: false,
      cursorInactiveStyle: 'block',
      // Inert: a link on somebody else's screen goes nowhere.
      linkHandler: { activate: () => undefined },
    });
    const shown: ShownTerminal = { terminal, onSize: undefined };
    const watcher = createWatcher({
      socket: watchSocket(),
      clock: pageClock,
      screen: createWatchScreen(terminal, ({ cols, rows }) => shown.onSize?.(cols, rows)),
      ticket: () => ticketFor(sessionId),
      changed: setView,
    });
    setView(watcher.view);
    setWatch({ shown, watcher });
    return () => {
      watcher.stop();
      terminal.dispose();
      setWatch(undefined);
    };
  }, [sessionId]);
  return useMemo(() => ({ watch, view }), [watch, view]);
}

async function ticketFor(sessionId: string): Promise<TicketResult> {
  const answer = await watchTicket(sessionId);
  if (answer.ok) return { ok: true, ticket: answer.value.ticket };
  const { code, params, status } = answer.problem;
  const away = code.startsWith('client.') && (status === 0 || status >= 500);
  return { ok: false, failure: away ? NETWORK : { code, params } };
}
