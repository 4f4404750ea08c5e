/** Reads a recording's events and finds text in its output, giving the page its turn in between. */
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import { type FoundText, LineFinder } from '@sallyport/core/terminal/line-finder.js';

/** More would be a list nobody reads. */
export const MAX_FOUND = 1_000;
const TURN_MS = 12;
const TELL_MS = 200;

export interface FindState {
  readonly text: string;
  readonly found: readonly FoundText[];
  /** Searched up to here. */
  readonly atMs: number;
  /** `refused`: the audit log could not be told, so nothing was searched. */
  readonly state: 'running' | 'done' | 'full' | 'failed' | 'refused';
}

export interface FindDeps {
  /** Into the audit log, before a byte is read. */
  tell(text: string): Promise<unknown>;
  events(signal: AbortSignal): AsyncIterable<RecordedEvent>;
  now(): number;
  /** Lets the page draw and hear its keys. */
  breathe(): Promise<void>;
}

export async function findInEvents(
  deps: FindDeps,
  text: string,
  signal: AbortSignal,
  tell: (state: FindState) => void,
): Promise<void> {
  const finder = new LineFinder(text);
  const found: FoundText[] = [];
  let atMs = 0;
  let told = deps.now();
  let breathed = told;
  const say = (state: FindState['state']): void => tell({ text, found: found.slice(0, MAX_FOUND), atMs, state });
  say('running');
  try {
    await deps.tell(text);
  } catch {
    if (!signal.aborted) say('refused');
    return;
  }
  if (signal.aborted) return;
  try {
    for await (const event of deps.events(signal)) {
      if (signal.aborted) return;
      atMs = event.atMs;
      if (event.type === 'resize') finder.resize(event.size.cols);
      else if (event.type === 'output') found.push(...finder.feed(event.bytes, event.atMs));
      if (found.length >= MAX_FOUND) break;
      const now = deps.now();
      if (now - breathed < TURN_MS) continue;
      if (now - told >= TELL_MS) {
        told = now;
        say('running');
      }
      await deps.breathe();
      breathed = deps.now();
    }
    if (signal.aborted) return;
    found.push(...finder.end());
    say(found.length >= MAX_FOUND ? 'full' : 'done');
  } catch {
    if (!signal.aborted) say('failed');
  }
}
