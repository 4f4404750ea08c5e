/** How a person likes terminals; kept in this browser. */
import { useSyncExternalStore } from 'react';
import type { TerminalTheme } from './themes.js';

export interface Preferences {
  readonly theme: TerminalTheme;
  readonly fontSize: number;
  readonly selectToCopy: boolean;
  /** Output is also written as text a screen reader can follow; costs speed. */
  readonly screenReader: boolean;
  /** Programs may put text on the clipboard (OSC 52). Reading it is never allowed. */
  readonly remoteClipboard: boolean;
}
const DEFAULTS: Preferences = {
  theme: 'night',
  fontSize: 13,
  selectToCopy: false,
  screenReader: false,
  remoteClipboard: false,
};
export const FONT_SIZES = [11, 12, 13, 14, 16, 18, 20] as const;
const KEY = 'sallyport.terminal';

function read(): Preferences {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Record<keyof Preferences, unknown>>;
    return {
      theme: kept.theme === 'day' ? 'day' : 'night',
      fontSize: FONT_SIZES.find((size) => size === kept.fontSize) ?? DEFAULTS.fontSize,
      selectToCopy: kept.selectToCopy === true,
      screenReader: kept.screenReader === true,
      remoteClipboard: kept.remoteClipboard === true,
    };
  } catch {
    return DEFAULTS;
  }
}

let current = read();
const listeners = new Set<() => void>();
const applyTheme = (): void => {
  document.documentElement.dataset.term = current.theme;
};
applyTheme();

export const preferences = (): Preferences => current;
export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  applyTheme();
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // storage is forbidden: the choice lasts as long as the page
  }
  for (const listener of listeners) listener();
}
export function watchPreferences(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
export const usePreferences = (): Preferences => useSyncExternalStore(watchPreferences, preferences);
