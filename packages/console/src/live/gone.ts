/**
 * Sessions that ended while somebody looked at the live page: they keep their place, and what may be done with them
 * becomes what may be done with a recording.
 */
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';

/** The oldest of them goes first. */
const KEPT = 12;

/** By id, in the order they went; the row as it was last read. */
export type Gone = ReadonlyMap<string, SessionAnswer>;

export function goneAfter(gone: Gone, before: readonly SessionAnswer[], open: readonly SessionAnswer[]): Gone {
  const here = new Set(open.map(({ id }) => id));
  const left = before.filter(({ id }) => !here.has(id) && !gone.has(id));
  const back = [...gone.keys()].some((id) => here.has(id));
  if (left.length === 0 && !back) return gone;
  const all = [...gone].filter(([id]) => !here.has(id));
  for (const session of left) all.push([session.id, { ...session, state: 'ending' }]);
  return new Map(all.slice(-KEPT));
}
