/**
 * Pictures of running sessions, pushed by the gateway: the page names those in sight, at most so many, and is sent each
 * picture when it changes. Kept while the line is lost, and then told to be old.
 */

import { readTile } from '@sallyport/core/wire/read-watching.js';
import { encodeJsonFrame, type FrameType } from '@sallyport/core/wire/terminal-frames.js';
import { MAX_TILES, type Tile, WATCH_FRAME } from '@sallyport/core/wire/watch-frames.js';
import type { PageClock } from '../terminal/page-clock.js';
import type { TerminalSocket } from '../terminal/socket.js';

/** Scrolling names many in a moment; the gateway is told once. */
const GATHER_MS = 100;
/** Its frames carry no watch's number. */
const TILES_NUMBER = 0;
/** Kept for when they are scrolled back into sight; the oldest goes first. */
const KEPT = 4 * MAX_TILES;

export interface TileFeed {
  /** Those in sight, the first ones first; none when nobody looks. */
  want(ids: readonly string[]): void;
  picture(id: string): Tile | undefined;
  /** Called when the picture of `id` has come. */
  watch(id: string, listener: () => void): () => void;
  /** Since when (UTC ms) what is shown is old; undefined: the line is up. */
  readonly oldSince: number | undefined;
  watchLine(listener: () => void): () => void;
  stop(): void;
}

export function createTileFeed({ socket, clock }: { socket: TerminalSocket; clock: PageClock }): TileFeed {
  const kept = new Map<string, Tile>();
  const listeners = new Map<string, Set<() => void>>();
  const lineListeners = new Set<() => void>();
  let wanted: readonly string[] = [];
  let sent = '';
  let oldSince: number | undefined;
  let cancelSend: (() => void) | undefined;

  const setOld = (since: number | undefined): void => {
    if (since === oldSince) return;
    oldSince = since;
    for (const listener of [...lineListeners]) listener();
  };
  const send = (): void => {
    cancelSend = undefined;
    const sessionIds = wanted.slice(0, MAX_TILES);
    const words = sessionIds.join();
    if (words === sent) return;
    if (port.send(encodeJsonFrame(WATCH_FRAME.TILES as FrameType, TILES_NUMBER, { sessionIds }))) sent = words;
  };
  const port = socket.join(
    {
      up() {
        sent = '';
        setOld(undefined);
        send();
      },
      down: () => setOld(clock.now()),
      frame({ type, payload }) {
        if (type !== WATCH_FRAME.TILE) return;
        const tile = readTile(payload);
        if (!tile) return;
        kept.delete(tile.sessionId);
        kept.set(tile.sessionId, tile);
        if (kept.size > KEPT) kept.delete(kept.keys().next().value ?? '');
        for (const listener of [...(listeners.get(tile.sessionId) ?? [])]) listener();
      },
    },
    TILES_NUMBER,
  );
  return {
    want(ids) {
      wanted = ids;
      cancelSend ??= clock.after(GATHER_MS, send);
    },
    picture: (id) => kept.get(id),
    watch(id, listener) {
      const ofId = listeners.get(id) ?? new Set();
      listeners.set(id, ofId.add(listener));
      return () => {
        ofId.delete(listener);
        if (ofId.size === 0) listeners.delete(id);
      };
    },
    get oldSince() {
      return oldSince;
    },
    watchLine(listener) {
      lineListeners.add(listener);
      return () => lineListeners.delete(listener);
    },
    stop() {
      cancelSend?.();
      port.leave();
    },
  };
}
