import { useEffect, useRef } from 'react';

/**
 * Single keys that act on the page: `?`, `g` then a letter, and what a page adds. They never fire while a field, a
 * terminal or a dialog has the focus (WCAG 2.1.4), and can be switched off as a whole.
 */
const KEY = 'sallyport.single-keys';
const CHORD_MS = 1500;

export function singleKeysOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off';
  } catch {
    return true;
  }
}
export function keepSingleKeys(on: boolean): void {
  try {
    localStorage.setItem(KEY, on ? 'on' : 'off');
  } catch {
    // storage is forbidden: the keys stay on
  }
}

/** Does what has the focus want its keys for itself? */
export function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      'input, textarea, select, [contenteditable="true"], dialog, [role="menu"], .xterm, [data-own-keys]',
    ) !== null
  );
}

/** `handlers` by key: `p`, `/`, or a chord `g c`. */
export function useSingleKeys(handlers: Readonly<Record<string, (event: KeyboardEvent) => void>>): void {
  const current = useRef(handlers);
  current.current = handlers;
  useEffect(() => {
    let first = '';
    let firstAt = 0;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (takesKeys(event.target) || !singleKeysOn()) return;
      const chord = first !== '' && event.timeStamp - firstAt < CHORD_MS ? `${first} ${event.key}` : '';
      const startsChord = Object.keys(current.current).some((key) => key.startsWith(`${event.key} `));
      first = startsChord ? event.key : '';
      firstAt = event.timeStamp;
      const handler = current.current[chord] ?? current.current[event.key];
      if (handler === undefined) return;
      first = '';
      event.preventDefault();
      handler(event);
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
}
