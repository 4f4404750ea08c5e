/**
 * xterm.js for one pane. It lives outside React, in an element of its own: a pane that is moved, hidden or shown keeps
 * its screen. What it emits goes to the shell; what the page must know comes back through `hooks`.
 */

import { clampSize, type TerminalSize } from '@sallyport/core/model/session.js';
import { FitAddon } from '@xterm/addon-fit';
import type { SearchAddon } from '@xterm/addon-search';
import { copyText } from '../ui/copy.js';
import { fitted, likelySize } from './likely-size.js';
import { type PastePlan, planPaste } from './paste.js';
import { preferences, watchPreferences } from './preferences.js';
import type { FeedTarget } from './screen-feed.js';
import { type ShortcutAction, shortcutOf } from './shortcuts.js';
import { TERMINAL_THEMES } from './themes.js';
import { makeTerminal } from './xterm-options.js';

/** Dragging a window edge makes many sizes; the last one wins. */
const FIT_AFTER_MS = 80;
const TITLE_MAX = 120;
const CLIPBOARD_MAX_BYTES = 1024 * 1024;

export interface EmulatorHooks {
  typed(data: string): void;
  binary(bytes: Uint8Array): void;
  resized(size: TerminalSize): void;
  title(title: string): void;
  shortcut(action: ShortcutAction): void;
  askPaste(plan: PastePlan): void;
  copied(ok: boolean): void;
  focused(): void;
  /** Whether a paste goes to a host where it is always looked at first. */
  careful(): boolean;
}

export interface Emulator extends FeedTarget {
  /** Puts the element into the page; the answer takes it out again. */
  attach(container: HTMLElement): () => void;
  fit(): TerminalSize;
  focus(): void;
  /** As if typed. */
  input(data: string): void;
  paste(text: string): void;
  search(): Promise<SearchAddon>;
  label(text: string): void;
  dispose(): void;
  readonly modes: EmulatorModes;
}
export interface EmulatorModes {
  readonly applicationCursorKeys: boolean;
  readonly alternateScreen: boolean;
  /** More was written than one screen. */
  readonly scrolled: boolean;
}

export function createEmulator(hooks: EmulatorHooks): Emulator {
  const terminal = makeTerminal({
    cursorBlink: false,
    cursorStyle: 'block',
    rightClickSelectsWord: false,
    linkHandler: {
      // A link in output is the host's word: only with Ctrl, only to the web, and without a way back to this page.
      activate(event, uri) {
        if ((event.ctrlKey || event.metaKey) && /^https?:\/\//i.test(uri))
          window.open(uri, '_blank', 'noopener,noreferrer');
      },
    },
  });
  const fitter = new FitAddon();
  terminal.loadAddon(fitter);
  const element = document.createElement('div');
  element.className = 'term-host';
  let search: Promise<SearchAddon> | undefined;
  let opened = false;
  let fitTimer: ReturnType<typeof setTimeout> | undefined;

  const copy = (): void => {
    const text = terminal.getSelection();
    if (text === '') return;
    copyText(text).then(
      () => hooks.copied(true),
      () => hooks.copied(false),
    );
  };
  terminal.attachCustomKeyEventHandler((event) => {
    if (event.type !== 'keydown') return true;
    const action = shortcutOf(event, {
      selection: terminal.hasSelection(),
      alternateScreen: terminal.buffer.active.type === 'alternate',
    });
    if (action === undefined) return true;
    if (action === 'paste-natively') return false;
    // The palette's key is heard by the frame around the page.
    if (action === 'palette') return false;
    event.preventDefault();
    if (action === 'copy') {
      copy();
      terminal.clearSelection();
    } else hooks.shortcut(action);
    return false;
  });
  terminal.onData(hooks.typed);
  terminal.onBinary((data) => hooks.binary(Uint8Array.from(data, (char) => char.charCodeAt(0) & 0xff)));
  terminal.onTitleChange((raw) => hooks.title(raw.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '').slice(0, TITLE_MAX)));
  terminal.parser.registerOscHandler(52, (data) => {
    const body = data.slice(data.indexOf(';') + 1);
    if (preferences().remoteClipboard && body !== '?' && body.length < CLIPBOARD_MAX_BYTES)
      writeClipboard(body, hooks.copied);
    return true;
  });
  element.addEventListener(
    'paste',
    (event) => {
      event.preventDefault();
      event.stopPropagation();
      const plan = planPaste(
        event.clipboardData?.getData('text/plain') ?? '',
        terminal.modes.bracketedPasteMode,
        hooks.careful(),
      );
      if (plan.text === '') return;
      if (plan.ask) hooks.askPaste(plan);
      else terminal.paste(plan.text);
    },
    true,
  );
  element.addEventListener('focusin', hooks.focused);
  element.addEventListener('mouseup', () => {
    if (preferences().selectToCopy && terminal.hasSelection()) copy();
  });

  const measurable = (): boolean => element.isConnected && element.offsetParent !== null && element.clientWidth > 0;
  const fit = (): TerminalSize => {
    const proposed = measurable() ? fitter.proposeDimensions() : undefined;
    if (proposed && Number.isFinite(proposed.cols) && Number.isFinite(proposed.rows)) {
      return fitted(clampSize(proposed.cols, proposed.rows));
    }
    return opened ? { cols: terminal.cols, rows: terminal.rows } : likelySize();
  };
  const refit = (): void => {
    clearTimeout(fitTimer);
    fitTimer = setTimeout(() => {
      if (measurable()) hooks.resized(fit());
    }, FIT_AFTER_MS);
  };
  const observer = new ResizeObserver(refit);
  const unwatch = watchPreferences(() => {
    const { theme, fontSize, screenReader } = preferences();
    terminal.options.theme = TERMINAL_THEMES[theme];
    terminal.options.fontSize = fontSize;
    terminal.options.screenReaderMode = screenReader;
    refit();
  });

  return {
    write: (data, parsed) => terminal.write(data, parsed),
    resize: (cols, rows) => terminal.resize(cols, rows),
    reset: () => terminal.reset(),
    get modes() {
      return {
        applicationCursorKeys: terminal.modes.applicationCursorKeysMode,
        alternateScreen: terminal.buffer.active.type === 'alternate',
        scrolled: terminal.buffer.normal.baseY > 0,
      };
    },
    focus: () => terminal.focus(),
    input: (data) => terminal.input(data),
    attach(container) {
      container.append(element);
      if (!opened) {
        opened = true;
        terminal.open(element);
      }
      observer.observe(element);
      refit();
      return () => {
        observer.disconnect();
        element.remove();
      };
    },
    fit,
    paste: (text) => terminal.paste(text),
    search() {
      search ??= import('@xterm/addon-search').then(({ SearchAddon: Addon }) => {
        const addon = new Addon();
        terminal.loadAddon(addon);
        return addon;
      });
      return search;
    },
    label(text) {
      terminal.textarea?.setAttribute('aria-label', text);
    },
    dispose() {
      clearTimeout(fitTimer);
      observer.disconnect();
      unwatch();
      element.remove();
      terminal.dispose();
    },
  };
}

function writeClipboard(base64: string, copied: (ok: boolean) => void): void {
  let text: string;
  try {
    text = new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
  } catch {
    return;
  }
  copyText(text).then(
    () => copied(true),
    () => copied(false),
  );
}
