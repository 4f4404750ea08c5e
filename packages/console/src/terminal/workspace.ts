/**
 * All terminals of this page. It stands outside React and outlives the route: going to the host list and back finds the
 * same shells. One user's workspace is never another's: when the user changes, everything is closed.
 */

import { visibleText } from '@sallyport/core/terminal/visible-text.js';
import { TERMINAL_SUBPROTOCOL } from '@sallyport/core/wire/terminal-frames.js';
import { ask } from '../api/client.js';
import { emulatorCode } from './emulator-code.js';
import { httpTickets } from './http-tickets.js';
import { KEPT_KEY, missingTargets, readKept, writeKept } from './kept-terminals.js';
import { createLateEmulator } from './late-emulator.js';
import {
  activeTab,
  addTab,
  allPanes,
  EMPTY_LAYOUT,
  focusPane,
  type Layout,
  panesOf,
  removePane,
  type Split,
  setRatio,
  splitPane,
  stepTab,
} from './layout.js';
import { likelySize } from './likely-size.js';
import { pageClock } from './page-clock.js';
import { createRemoteShell, type ShellTarget } from './remote-shell.js';
import { isAlive } from './shell-state.js';
import { createTerminalSocket } from './socket.js';
import { leaveProgram } from './tidy.js';
import { type Held, NOTHING_HELD, withHeld } from './touch-keys.js';
import type { PageHooks, Pane, PaneLook, WorkspaceLook } from './workspace-look.js';

const emulators = { code: emulatorCode, likelySize };

export type Workspace = ReturnType<typeof createWorkspace>;

function createWorkspace(userId: string) {
  const panes = new Map<string, Pane>();
  const listeners = new Set<() => void>();
  let hooks: PageHooks | undefined;
  let look: WorkspaceLook = { layout: EMPTY_LAYOUT, panes: new Map(), held: NOTHING_HELD, latencyMs: undefined };
  let restored = false;
  const socket = createTerminalSocket({
    clock: pageClock,
    connect() {
      const url = new URL('/api/v1/terminal', location.href);
      url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
      const made = new WebSocket(url, TERMINAL_SUBPROTOCOL);
      made.binaryType = 'arraybuffer';
      return made;
    },
    // Its 401 leads to the door.
    signedOut: () => void ask('GET', 'me'),
  });
  const probe = (): void => socket.probe();
  const shown = (): void => {
    if (document.visibilityState === 'visible') socket.probe();
  };
  const guard = (event: BeforeUnloadEvent): void => {
    if ([...look.panes.values()].some((pane) => pane.view.state.at === 'live')) event.preventDefault();
  };
  window.addEventListener('online', probe);
  window.addEventListener('offline', probe);
  document.addEventListener('visibilitychange', shown);
  window.addEventListener('beforeunload', guard);
  const stopLatency = socket.watchLatency(() => show({ latencyMs: socket.latencyMs }));

  function show(change: Partial<WorkspaceLook>): void {
    look = { ...look, ...change };
    for (const listener of listeners) listener();
  }
  function showPane(id: string, change: Partial<PaneLook>): void {
    const before = look.panes.get(id);
    if (before) show({ panes: new Map(look.panes).set(id, { ...before, ...change }) });
  }
  function keep(): void {
    const kept = {
      userId,
      layout: look.layout,
      panes: allPanes(look.layout).flatMap((id) => {
        const pane = panes.get(id);
        const sessionId = look.panes.get(id)?.view.opened?.sessionId;
        const alive = pane && isAlive(pane.shell.view);
        return pane ? [{ pane: id, ...pane.target, ...(sessionId && alive ? { sessionId } : {}) }] : [];
      }),
    };
    try {
      sessionStorage.setItem(KEPT_KEY, writeKept(kept));
    } catch {
      // storage is forbidden: a reload will not find them
    }
  }
  const lay = (layout: Layout): void => {
    if (layout === look.layout) return;
    show({ layout });
    keep();
  };

  function make(target: ShellTarget, id: string = crypto.randomUUID()): Pane {
    const emulator = createLateEmulator(emulators, {
      typed(data) {
        const { at } = shell.view.state;
        if (at === 'failed' || at === 'over' || at === 'lost') {
          if (data === '\r') restart(id);
          return;
        }
        if (at === 'opening' && data === '\x1b') return close(id);
        const held = look.held;
        if (held.ctrl || held.alt) show({ held: NOTHING_HELD });
        shell.dismissNotice();
        shell.typed(withHeld(data, held));
      },
      binary: (bytes) => shell.input(bytes),
      resized: ({ cols, rows }) => shell.resized(cols, rows),
      title: (title) => showPane(id, { title }),
      shortcut: (action) => hooks?.shortcut(id, action),
      askPaste: (plan) => showPane(id, { paste: plan }),
      copied: (ok) => hooks?.copied(ok),
      focused: () => lay(focusPane(look.layout, id)),
      careful: () => hooks?.careful(target) ?? false,
    });
    const shell = createRemoteShell(target, {
      socket,
      clock: pageClock,
      tickets: httpTickets,
      screen: emulator,
      changed(view) {
        const before = look.panes.get(id)?.view;
        showPane(id, { view });
        if (before?.state.at !== view.state.at) keep();
      },
      stopped(state) {
        const line = hooks?.stoppedLine(state);
        // After everything that came has been parsed: only then is it known which screen shows.
        emulator.write('', () => {
          const rule = line === undefined ? '' : `\r\n\x1b[0;2m── \x1b[0m${visibleText(line)}\x1b[2m ──\x1b[0m\r\n`;
          shell.feed.local(`${leaveProgram(emulator.modes.alternateScreen)}${rule}`);
        });
      },
    });
    const pane = { id, target, shell, emulator };
    panes.set(id, pane);
    show({ panes: new Map(look.panes).set(id, { view: shell.view, title: '', kept: false }) });
    return pane;
  }

  function close(id: string): void {
    const pane = panes.get(id);
    if (!pane) return;
    pane.shell.close();
    panes.delete(id);
    const left = new Map(look.panes);
    left.delete(id);
    show({ panes: left, layout: removePane(look.layout, id) });
    pane.emulator.dispose();
    keep();
  }
  function restart(id: string): void {
    showPane(id, {
      kept: panes.get(id)?.emulator.modes.scrolled === true || look.panes.get(id)?.view.opened !== undefined,
    });
    panes.get(id)?.shell.reconnect();
  }
  function open(target: ShellTarget): string {
    const pane = make(target);
    starts.set(pane.id, undefined);
    lay(addTab(look.layout, pane.id));
    return pane.id;
  }
  function add(target: ShellTarget, beside: string, split: Split): string {
    const pane = make(target);
    starts.set(pane.id, undefined);
    lay(splitPane(look.layout, beside, split, pane.id));
    return pane.id;
  }
  function restore(): void {
    if (restored) return;
    restored = true;
    const kept = readKept(storedTerminals());
    if (kept.userId !== userId) return;
    for (const { pane, hostId, accountId, sessionId } of kept.panes) {
      make({ hostId, accountId }, pane);
      starts.set(pane, sessionId);
    }
    lay(kept.layout);
  }
  /**
   * Brings back what stood before a reload, then opens what is wanted and not yet open; with `beside`, the last one in
   * a split of the pane in front. What is open already comes to the front. Answers the panes it made.
   */
  function want(targets: readonly ShellTarget[], beside = false): readonly string[] {
    restore();
    const missing = missingTargets(
      targets,
      [...panes.values()].map((pane) => pane.target),
    );
    const front = activeTab(look.layout)?.focused;
    const made = missing.map((target) =>
      beside && front !== undefined && target === missing.at(-1) ? add(target, front, 'row') : open(target),
    );
    const last = targets.at(-1);
    if (made.length > 0 || !last) return made;
    const is = (id: string): boolean => {
      const target = panes.get(id)?.target;
      return target?.hostId === last.hostId && target.accountId === last.accountId;
    };
    const tab = activeTab(look.layout);
    if (tab && panesOf(tab.tree).some(is)) return made;
    const known = allPanes(look.layout).find(is);
    if (known !== undefined) lay(focusPane(look.layout, known));
    return made;
  }
  /** The pane has its place on the page, is hidden, or need not wait for either: its shell may begin. */
  async function begin(id: string): Promise<void> {
    if (!starts.has(id)) return;
    const session = starts.get(id);
    starts.delete(id);
    await panes.get(id)?.shell.start(session);
  }
  /** Panes that begin when the page has given them a place, with the session to resume. */
  const starts = new Map<string, string | undefined>();

  return {
    userId,
    look: () => look,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tellHooks(given: PageHooks) {
      hooks = given;
    },
    pane: (id: string) => panes.get(id),
    want,
    /**
     * At the click, before the page is there: the way to the host is made while the page is still loaded and drawn.
     * Resolves when the gateway has been asked; a page drawn before that would keep its answers waiting.
     */
    async openAtOnce(target: ShellTarget, beside: boolean) {
      await Promise.all(want([target], beside).map(begin));
    },
    begin: (id: string) => void begin(id),
    open,
    split(id: string, split: Split) {
      const from = panes.get(id);
      if (from) add(from.target, id, split);
    },
    close,
    restart,
    closeTab(id: string) {
      const tab = look.layout.tabs.find((one) => one.id === id);
      for (const pane of tab ? panesOf(tab.tree) : []) close(pane);
    },
    choose: (id: string) => lay(focusPane(look.layout, id)),
    step: (by: 1 | -1) => lay(stepTab(look.layout, by)),
    ratio: (pane: string, ratio: number) => lay(setRatio(look.layout, pane, ratio)),
    hold: (held: Held) => show({ held }),
    answerPaste(id: string, send: boolean) {
      const plan = look.panes.get(id)?.paste;
      const before = look.panes.get(id);
      if (!before) return;
      const { paste: _answered, ...rest } = before;
      show({ panes: new Map(look.panes).set(id, rest) });
      if (send && plan) panes.get(id)?.emulator.paste(plan.text);
      panes.get(id)?.emulator.focus();
    },
    dispose() {
      for (const id of [...panes.keys()]) close(id);
      stopLatency();
      window.removeEventListener('online', probe);
      window.removeEventListener('offline', probe);
      document.removeEventListener('visibilitychange', shown);
      window.removeEventListener('beforeunload', guard);
    },
  };
}

const storedTerminals = (): string | null => {
  try {
    return sessionStorage.getItem(KEPT_KEY);
  } catch {
    return null;
  }
};

let current: Workspace | undefined;
export function workspaceOf(userId: string): Workspace {
  if (current?.userId !== userId) {
    current?.dispose();
    current = createWorkspace(userId);
  }
  return current;
}
