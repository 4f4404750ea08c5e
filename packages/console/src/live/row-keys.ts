/** Keys of the live page: they move between sessions and act on the one that has the focus, in wall and table alike. */
import type { KeyboardEvent } from 'react';

const all = (): readonly HTMLElement[] => Array.from(document.querySelectorAll<HTMLElement>('[data-session]'));
const focused = (): HTMLElement | undefined =>
  document.activeElement?.closest<HTMLElement>('[data-session]') ?? undefined;

type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

export function moveFocus(arrow: Arrow): void {
  const rows = all();
  const from = focused();
  const at = from === undefined ? -1 : rows.indexOf(from);
  const target = at < 0 ? 0 : at + stepOf(arrow, rows);
  const next = rows[target];
  next?.focus();
  next?.scrollIntoView({ block: 'nearest' });
}

/** Up and down go by a line of the wall: as many as begin at the height of the first. */
function stepOf(arrow: Arrow, rows: readonly HTMLElement[]): number {
  if (arrow === 'ArrowLeft') return -1;
  if (arrow === 'ArrowRight') return 1;
  const top = rows[0]?.offsetTop;
  const inLine = Math.max(
    1,
    rows.findIndex(({ offsetTop }) => offsetTop !== top),
  );
  return arrow === 'ArrowUp' ? -inLine : inLine;
}

/** `watch` replays what is over. Nothing happens where the act is not offered. */
export function actOnFocused(act: 'watch' | 'freeze' | 'end'): void {
  focused()?.querySelector<HTMLElement>(`[data-act="${act}"]`)?.click();
}

/** Enter on a session itself watches it; on a button inside it Enter is the button's. */
export function onSessionKey(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
  event.preventDefault();
  actOnFocused('watch');
}
