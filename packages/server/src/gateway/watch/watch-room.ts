/**
 * Those who watch one running session. Output goes to all of them in one piece: at once after idle, gathered while it
 * flows. One that does not keep up is sent nothing more until it does, then a new screen; what is held for it is nothing.
 * INVARIANT: what a watcher is sent after SCREEN continues it without a gap or a repeat, until the next SCREEN.
 */
import type { EndReason, TerminalSize } from '@sallyport/core/model/session.js';
import { WINDOW_BYTES } from '@sallyport/core/wire/terminal-frames.js';
import type { Watching } from '@sallyport/core/wire/watch-frames.js';
import type { Clock } from '../ports/clock.js';
import type { WatcherEnd } from '../ports/watcher-end.js';
import type { WatchTap } from '../taps/watch-tap.js';
import { createScreenTrail, HISTORY_LINES } from './screen-trail.js';
import type { ScreenTrail, Taken, TrailDeps } from './trail.js';

/** Watchers need no answer to their keys: pieces are larger than the operator's, and cost all of them less. */
const GATHER_MS = 40;
const GATHER_BYTES = 64 * 1024;
/** What has scrolled away costs far more than the screen: it comes a moment after it. */
const HISTORY_AFTER_MS = 250;
const RETURNED_HISTORY_AFTER_MS = 3_000;
const AGAIN_MS = 250;
/** A screen that takes longer is told to be on its way. */
const SLOW_MS = 500;
const READ_ONLY_EVERY_MS = 1_000;

export interface WatchRoom extends WatchTap {
  readonly trail: ScreenTrail;
  readonly watchers: number;
  /** `gone` is called once, however it ends. Answers how to send it away with a last word. */
  join(
    end: WatcherEnd,
    facts: () => Watching,
    on: { refused(what: 'input' | 'resize'): void; gone(): void },
  ): (reason: EndReason) => void;
  /** Called once, when the session is over. Answers how to take that back. */
  onEnd(call: () => void): () => void;
}

interface Watcher {
  readonly end: WatcherEnd;
  readonly facts: () => Watching;
  /** `waiting`: for a screen. `behind`: for its own page. */
  state: 'waiting' | 'following' | 'behind' | 'gone';
  /** Sent and not parsed yet. */
  outstanding: number;
  /** Output bytes it was sent or that its screen stands for. */
  offset: number;
  /** It was left behind and is brought back. */
  returning: boolean;
  toldUnknown: boolean;
  /** It was told that it only looks. */
  refusedUntil: number;
  /** The lines above its screen came too. */
  hasHistory: boolean;
  cancel(): void;
  leave(): void;
}

export function createWatchRoom(deps: TrailDeps & { readonly clock: Clock }, size: TerminalSize): WatchRoom {
  const { clock } = deps;
  const trail = createScreenTrail(deps, size);
  const watchers = new Set<Watcher>();
  let gathered: Buffer[] = [];
  let gatheredBytes = 0;
  /** Until when what comes is gathered. */
  let cancelGather: (() => void) | undefined;
  let over: EndReason | undefined;
  const whenOver = new Set<() => void>();

  function flush(): void {
    if (gatheredBytes === 0) return;
    const bytes = gathered.length === 1 ? gathered[0]! : Buffer.concat(gathered, gatheredBytes);
    gathered = [];
    gatheredBytes = 0;
    for (const watcher of watchers) if (watcher.state === 'following') send(watcher, bytes);
  }
  function send(watcher: Watcher, bytes: Buffer): void {
    if (watcher.outstanding > WINDOW_BYTES) {
      watcher.state = 'behind';
      watcher.cancel();
      return;
    }
    watcher.outstanding += bytes.length;
    watcher.offset += bytes.length;
    watcher.end.output(bytes);
  }
  function gatherOn(): void {
    cancelGather = clock.after(GATHER_MS, () => {
      cancelGather = undefined;
      if (gatheredBytes === 0) return;
      flush();
      gatherOn();
    });
  }

  function tellUnknown(watcher: Watcher): void {
    if (watcher.state === 'gone' || watcher.state === 'following' || watcher.toldUnknown) return;
    watcher.toldUnknown = true;
    watcher.end.notice({ kind: 'screen-unknown' });
  }

  /** Shows the session as it is now, then lets it follow. */
  async function show(watcher: Watcher, history: number): Promise<void> {
    if (watcher.state === 'gone' || over) return;
    const cancelSlow = clock.after(SLOW_MS, () => tellUnknown(watcher));
    const taken = await trail.take(history).catch(() => undefined);
    cancelSlow();
    if (isGone(watcher) || over) return;
    // It fell behind while the lines above its screen were fetched: it is shown the screen when it has caught up.
    if (history > 0 && watcher.state !== 'following') return;
    if (taken === undefined) {
      tellUnknown(watcher);
      watcher.cancel = clock.after(AGAIN_MS, () => void show(watcher, 0));
      return;
    }
    flush(); // for the others: what was gathered is part of what follows this screen
    if (history > 0 && isBehind(watcher)) return;
    const returned = watcher.returning;
    present(watcher, taken, history > 0);
    if (watcher.hasHistory) return;
    watcher.cancel = clock.after(returned ? RETURNED_HISTORY_AFTER_MS : HISTORY_AFTER_MS, () => {
      if (watcher.state === 'following') void show(watcher, HISTORY_LINES);
    });
  }

  function present(watcher: Watcher, { screen, after }: Taken, withHistory: boolean): void {
    const following = after();
    const skipped = watcher.returning ? screen.offset - watcher.offset : 0;
    watcher.hasHistory = withHistory;
    watcher.returning = false;
    watcher.toldUnknown = false;
    watcher.outstanding += screen.bytes.length;
    watcher.offset = screen.offset;
    watcher.state = 'following';
    watcher.end.screen(screen);
    let run: Buffer[] = [];
    const write = (): void => {
      if (run.length > 0 && watcher.state === 'following') send(watcher, Buffer.concat(run));
      run = [];
    };
    for (const entry of following) {
      if ('bytes' in entry) {
        run.push(entry.bytes);
        continue;
      }
      write();
      if (watcher.state === 'following') watcher.end.size(entry.size);
    }
    write();
    if (skipped > 0) watcher.end.notice({ kind: 'resynchronised', skippedBytes: skipped });
  }

  return {
    trail,
    get watchers() {
      return watchers.size;
    },
    live() {
      for (const { end, facts } of watchers) end.watching(facts());
    },
    output(bytes) {
      trail.output(bytes);
      if (watchers.size === 0) return;
      gathered.push(bytes);
      gatheredBytes += bytes.length;
      if (cancelGather === undefined || gatheredBytes >= GATHER_BYTES) flush();
      if (cancelGather === undefined) gatherOn();
    },
    resize(next) {
      flush();
      trail.resize(next);
      for (const watcher of watchers) {
        if (watcher.state !== 'following') continue;
        watcher.end.size(next);
        // A screen that grows takes lines back from above, which it does not have yet.
        if (watcher.hasHistory) continue;
        watcher.cancel();
        void show(watcher, HISTORY_LINES);
      }
    },
    ended(reason) {
      if (over) return;
      flush();
      over = reason;
      cancelGather?.();
      const all = [...watchers];
      for (const watcher of all) {
        const skippedBytes = trail.offset - watcher.offset;
        // Its screen is older than the end: it is told by how much, and the recording has the rest.
        if (watcher.offset > 0 && skippedBytes > 0) watcher.end.notice({ kind: 'resynchronised', skippedBytes });
        watcher.end.ended(reason);
      }
      for (const watcher of all) watcher.leave();
      trail.close();
      for (const call of whenOver) call();
      whenOver.clear();
    },

    join(end, facts, on) {
      const watcher: Watcher = {
        end,
        facts,
        state: 'waiting',
        outstanding: 0,
        offset: 0,
        ...{ returning: false, toldUnknown: false, refusedUntil: 0, hasHistory: false },
        cancel: () => {},
        leave() {
          if (watcher.state === 'gone') return;
          watcher.state = 'gone';
          watcher.cancel();
          watchers.delete(watcher);
          on.gone();
        },
      };
      watchers.add(watcher);
      end.start({
        onCredit(bytes) {
          watcher.outstanding = Math.max(0, watcher.outstanding - bytes);
          if (watcher.state !== 'behind' || watcher.outstanding >= WINDOW_BYTES / 4) return;
          watcher.state = 'waiting';
          watcher.returning = true;
          void show(watcher, 0);
        },
        onRefused(what) {
          const now = clock.monotonic();
          if (now >= watcher.refusedUntil) end.notice({ kind: 'read-only' });
          watcher.refusedUntil = Math.max(watcher.refusedUntil, now + READ_ONLY_EVERY_MS);
          on.refused(what);
        },
        onGone: () => watcher.leave(),
      });
      if (!isGone(watcher)) {
        end.watching(facts());
        void show(watcher, 0);
      }
      return (reason) => {
        if (isGone(watcher)) return;
        end.ended(reason);
        watcher.leave();
      };
    },
    onEnd(call) {
      if (over) call();
      else whenOver.add(call);
      return () => whenOver.delete(call);
    },
  };
}

/** Read anew: it may have gone in between. */
const isGone = (watcher: Watcher): boolean => watcher.state === 'gone';
const isBehind = (watcher: Watcher): boolean => watcher.state === 'behind';
