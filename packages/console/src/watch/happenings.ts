/** What happened while somebody watched, in order: told in words beside the screen. Newest first. */
import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import type { Watching } from '@sallyport/core/wire/watch-frames.js';

/** More than anybody scrolls through; the oldest goes first. */
const KEPT = 200;

export type Happening =
  | { readonly kind: 'joined' | 'lost' | 'rejoined' }
  | { readonly kind: 'came' | 'left'; readonly name: string }
  | { readonly kind: 'size'; readonly cols: number; readonly rows: number }
  | { readonly kind: 'told'; readonly notice: Notice }
  | { readonly kind: 'over' };
export interface Happened {
  /** UTC ms. */
  readonly at: number;
  /** Rises; tells apart what happened in the same millisecond. */
  readonly number: number;
  readonly what: Happening;
}

export function happen(before: readonly Happened[], at: number, ...what: readonly Happening[]): readonly Happened[] {
  let number = before[0]?.number ?? 0;
  const after = [...before];
  for (const one of what) {
    number += 1;
    // Dragging a window edge makes many sizes; the last one is told.
    if (one.kind === 'size' && after[0]?.what.kind === 'size') after.shift();
    after.unshift({ at, number, what: one });
  }
  return after.slice(0, KEPT);
}

/** Who came and who went; somebody may watch from two pages. */
export function comings(before: Watching | undefined, after: Watching): readonly Happening[] {
  if (before === undefined) return [];
  const left = less(before.watchers, after.watchers).map((name): Happening => ({ kind: 'left', name }));
  return [...less(after.watchers, before.watchers).map((name): Happening => ({ kind: 'came', name })), ...left];
}

function less(names: readonly string[], others: readonly string[]): readonly string[] {
  const rest = [...others];
  return names.filter((name) => {
    const at = rest.indexOf(name);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
