/**
 * Plays a recording into a screen. Time is an argument, the screen a few methods, so the law can be tested without a
 * browser: the screen after seek(t) equals the screen after playing to t.
 *
 * A seek restores the last keyframe before the moment and writes what lies between, unless what is on the screen is
 * nearer. Sizes are events like output and are applied in their place (W17).
 */
import { IDLE_CAP_MS } from '@sallyport/core/cast/activity-meter.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { ScreenSnapshot } from '@sallyport/core/terminal/snapshot.js';
import type { PageClock } from '../terminal/page-clock.js';
import type { EventCursor } from './event-cursor.js';
import type { Pace } from './pace.js';
import type { ReplaySource } from './source.js';

/** The position shown moves at least this often. */
const TICK_MS = 100;
/** Small writes are joined up to this size, and the parser is waited for after this many bytes. */
const JOIN_BYTES = 64 * 1024;
const BREATH_BYTES = 1024 * 1024;

export interface ReplayScreen {
  /** `parsed`: told when these bytes are on the screen. */
  write(bytes: Uint8Array, parsed?: () => void): void;
  /** At this point of what was written. */
  resize(size: TerminalSize): void;
  /** An empty screen of this size, nothing left of a sequence or character that was cut. */
  clear(size: TerminalSize): void;
  /** That screen instead of what is shown. */
  restore(snapshot: ScreenSnapshot, parsed?: () => void): void;
  /** When all that was written is on the screen. */
  settled(): Promise<void>;
}

export interface PlayerView extends Pace {
  readonly state: 'loading' | 'paused' | 'playing' | 'seeking' | 'ended';
  readonly positionMs: number;
}

export interface Player {
  readonly view: PlayerView;
  play(): void;
  pause(): void;
  seek(toMs: number): Promise<void>;
  setPace(change: Partial<Pace>): void;
  /** Called with each position shown. */
  onPosition(listener: (positionMs: number) => void): () => void;
  stop(): void;
}

export function createPlayer(deps: {
  readonly source: ReplaySource;
  readonly screen: ReplayScreen;
  readonly clock: PageClock;
  readonly pace: Pace;
  /**
   * A moment later than what is recorded: `wait` for it (the default), or show `now` what there is. A session may be
   * quiet for long, and its screen is then that of its last output.
   */
  readonly ahead?: 'wait' | 'now';
  changed(view: PlayerView): void;
  failed(cause: unknown): void;
}): Player {
  const { source, screen, clock, ahead = 'wait' } = deps;
  let view: PlayerView = {
    state: 'loading',
    positionMs: 0,
    ...deps.pace,
  };
  /** What comes next; all before it is on the screen. */
  let cursor: EventCursor | undefined;
  let appliedMs = 0;
  let appliedOffset = 0;
  /** The screen began with a keyframe, so the lines above it are not there. */
  let restored = false;
  let reading = new AbortController();
  const positionListeners = new Set<(positionMs: number) => void>();
  /** Whoever changes it makes work begun under the old number stop. */
  let turn = 0;
  let anchor = { wall: 0, position: 0 };
  let cancelTick: (() => void) | undefined;

  const show = (more: Partial<PlayerView>): void => {
    view = { ...view, ...more };
    deps.changed(view);
    for (const listener of [...positionListeners]) listener(view.positionMs);
  };
  const grown = (): Promise<void> =>
    new Promise((resume) => {
      const stop = source.watch(() => {
        stop();
        resume();
      });
    });
  /** Whether what is shown is nearer to the moment than a keyframe. */
  const isNear = (toMs: number): boolean => {
    if (cursor === undefined || toMs < appliedMs) return false;
    const keyframe = source.keyframeAt(toMs);
    return keyframe === undefined || keyframe.offset <= appliedOffset;
  };
  /** Puts the nearest screen before the moment in place; false when another turn began. */
  async function enter(toMs: number, mine: number): Promise<boolean> {
    reading.abort();
    reading = new AbortController();
    const start = await source.startAt(toMs, reading.signal);
    if (mine !== turn) return false;
    const { keyframe, snapshot } = start;
    if (snapshot) screen.restore(snapshot);
    else screen.clear(start.size);
    cursor = start.cursor;
    restored = snapshot !== undefined;
    appliedMs = keyframe?.atMs ?? 0;
    appliedOffset = keyframe?.offset ?? 0;
    return true;
  }

  /** Applies all events up to `toMs`; false when another turn began. */
  async function apply(toMs: number, mine: number): Promise<boolean> {
    let joined: Uint8Array[] = [];
    let joinedBytes = 0;
    let sinceBreath = 0;
    const flush = (): void => {
      if (joinedBytes === 0) return;
      screen.write(joined.length === 1 ? joined[0]! : concatenated(joined, joinedBytes));
      sinceBreath += joinedBytes;
      joined = [];
      joinedBytes = 0;
    };
    while (cursor) {
      const found = cursor.peek();
      const event = found instanceof Promise ? await found : found;
      if (mine !== turn) {
        flush();
        return false;
      }
      if (event === undefined || event.atMs > toMs) break;
      cursor.advance();
      appliedMs = event.atMs;
      if (event.type === 'output') {
        if (joinedBytes > 0 && joinedBytes + event.bytes.length > JOIN_BYTES) flush();
        joined.push(event.bytes);
        joinedBytes += event.bytes.length;
        appliedOffset = event.offset + event.bytes.length;
      } else if (event.type === 'resize') {
        flush();
        const after = restored ? await source.screenAfter(event) : undefined;
        if (after) screen.restore(after);
        else screen.resize(event.size);
        if (mine !== turn) return false;
      }
      if (sinceBreath >= BREATH_BYTES) {
        sinceBreath = 0;
        await screen.settled();
        if (mine !== turn) return false;
      }
    }
    flush();
    return true;
  }

  const now = (): number => anchor.position + (clock.now() - anchor.wall) * view.speed;
  const anchorAt = (position: number): void => {
    anchor = { wall: clock.now(), position };
  };

  async function tick(mine: number): Promise<void> {
    if (mine !== turn) return;
    // Not past what is read: a running session is followed, not overtaken.
    let position = Math.min(now(), source.lastMs);
    const begun = clock.now();
    if (!(await apply(position, mine))) return;
    const event = await cursor?.peek();
    if (mine !== turn) return;
    const nextMs = event?.atMs ?? source.lastMs;
    const skipAt = appliedMs + IDLE_CAP_MS;
    const skips = view.skipIdle && nextMs > skipAt;
    if (skips && position >= skipAt) {
      position = nextMs;
      anchorAt(position);
      if (!(await apply(position, mine))) return;
    }
    const slow = clock.now() - begun > TICK_MS;
    if (slow || position >= source.lastMs) anchorAt(position);
    if (source.end && position >= source.end.atMs && event === undefined) {
      turn++;
      show({ state: 'ended', positionMs: source.end.atMs });
      return;
    }
    if (mine !== turn) return;
    show({ state: 'playing', positionMs: position });
    const due = [TICK_MS, (nextMs - position) / view.speed, ...(skips ? [(skipAt - position) / view.speed] : [])];
    const wait = Math.max(4, Math.min(...due.filter((ms) => ms > 0)));
    cancelTick = clock.after(wait, () => run(tick(mine)));
  }
  const run = (work: Promise<unknown>): void => {
    work.catch((cause: unknown) => {
      turn++;
      show({ state: 'paused' });
      deps.failed(cause);
    });
  };

  function play(): void {
    if (view.state === 'playing') return;
    if (view.state === 'ended') {
      playAfter = true;
      run(seek(0));
      return;
    }
    if (view.state === 'seeking' || view.state === 'loading') {
      playAfter = true;
      return;
    }
    start();
  }
  function start(): void {
    cancelTick?.();
    const mine = ++turn;
    anchorAt(view.positionMs);
    show({ state: 'playing' });
    run(tick(mine));
  }
  let playAfter = false;

  async function seek(toMs: number): Promise<void> {
    cancelTick?.();
    const mine = ++turn;
    if (view.state === 'playing') playAfter = true;
    const wanted = Math.max(0, toMs);
    show({ state: 'seeking', positionMs: wanted });
    while (!source.end && (source.startedAt === undefined || (ahead === 'wait' && source.lastMs < wanted))) {
      await grown();
      if (mine !== turn) return;
    }
    const target = Math.min(wanted, source.lastMs);
    if (!isNear(target) && !(await enter(target, mine))) return;
    if (!(await apply(target, mine))) return;
    await screen.settled();
    if (mine !== turn) return;
    const atEnd = source.end !== undefined && target >= source.end.atMs;
    const place = ahead === 'now' && !source.end ? wanted : target;
    show({ state: atEnd ? 'ended' : 'paused', positionMs: place });
    const goOn = playAfter && !atEnd;
    playAfter = false;
    if (goOn) start();
  }

  return {
    get view() {
      return view;
    },
    play,
    pause() {
      playAfter = false;
      if (view.state !== 'playing') return;
      cancelTick?.();
      turn++;
      show({ state: 'paused' });
    },
    seek: (toMs) => {
      const work = seek(toMs);
      run(work);
      return work.catch(() => undefined);
    },
    setPace(change) {
      const position = view.state === 'playing' ? Math.min(now(), source.lastMs) : view.positionMs;
      show(change);
      anchorAt(position);
    },
    onPosition(listener) {
      positionListeners.add(listener);
      return () => positionListeners.delete(listener);
    },
    stop() {
      reading.abort();
      cancelTick?.();
      turn++;
    },
  };
}

function concatenated(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
