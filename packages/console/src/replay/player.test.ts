import { ActivityMeter } from '@sallyport/core/cast/activity-meter.js';
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import xterm from '@xterm/headless';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { handClock } from '../terminal/page-clock.fixture.js';
import { activityOf } from './activity.js';
import type { EventCursor } from './event-cursor.js';
import { createPlayer, type ReplayScreen } from './player.js';
import { createReplayScreen } from './replay-screen.js';
import type { ReplaySource } from './source.js';

const utf8 = new TextEncoder();
const SIZE = { cols: 20, rows: 5 };
const header = {
  sessionId: 's',
  startedAt: 0,
  size: SIZE,
  term: 'xterm-256color',
  title: '',
  userName: 'u',
  hostName: 'h',
  login: 'l',
};

type Spoken = readonly [atMs: number, what: string | readonly [number, number]];
function eventsOf(spoken: readonly Spoken[]): RecordedEvent[] {
  let offset = 0;
  return spoken.map(([atMs, what]) => {
    if (typeof what !== 'string') return { type: 'resize', atMs, offset, size: { cols: what[0], rows: what[1] } };
    const bytes = utf8.encode(what);
    const event = { type: 'output', atMs, offset, bytes } as const;
    offset += bytes.length;
    return event;
  });
}

/** A source without keyframes that is all there; every third event comes later. */
function sourceOf(events: readonly RecordedEvent[], endMs: number): ReplaySource {
  const meter = new ActivityMeter();
  for (const event of events) meter.add(event);
  meter.reach(endMs);
  const cursorFrom = (first: number): EventCursor => {
    let next = first;
    return {
      peek: () => (next % 3 === 0 ? Promise.resolve(events[next]) : events[next]),
      advance: () => {
        next++;
      },
    };
  };
  return {
    header,
    startedAt: header.startedAt,
    activity: activityOf(meter),
    markers: [],
    durationMs: endMs,
    lastMs: endMs,
    indexedMs: endMs,
    end: { atMs: endMs, truncated: false },
    verified: true,
    keyframeAt: () => undefined,
    screenAfter: () => undefined,
    startAt: async () => ({ keyframe: undefined, size: SIZE, snapshot: undefined, cursor: cursorFrom(0) }),
    async *events() {
      yield* events;
    },
    watch: () => () => undefined,
    load: async () => undefined,
  };
}

function rig(source: ReplaySource, options: { speed?: number; skipIdle?: boolean; ahead?: 'wait' | 'now' } = {}) {
  const { ahead = 'wait', ...pace } = options;
  const clock = handClock();
  const terminal = new xterm.Terminal({ ...SIZE, scrollback: 1000, allowProposedApi: true });
  const screen: ReplayScreen = createReplayScreen(terminal);
  const seen: string[] = [];
  const player = createPlayer({
    source,
    screen,
    clock,
    pace: { speed: 1, skipIdle: true, ...pace },
    ahead,
    changed: (view) => seen.push(view.state),
    failed: (cause) => {
      throw cause;
    },
  });
  const picture = async (): Promise<unknown> => {
    await screen.settled();
    const buffer = terminal.buffer.active;
    const rows = Array.from({ length: buffer.length }, (_, row) => {
      const line = buffer.getLine(row)!;
      return Array.from({ length: terminal.cols }, (_, column) => {
        const cell = line.getCell(column);
        return `${cell?.getChars()}/${cell?.getFgColor()}/${cell?.isBold()}`;
      }).join();
    });
    return {
      rows,
      cols: terminal.cols,
      x: buffer.cursorX,
      y: buffer.cursorY,
      type: buffer.type,
      modes: { ...terminal.modes },
    };
  };
  const text = async (): Promise<string> => {
    await screen.settled();
    const buffer = terminal.buffer.active;
    return Array.from({ length: buffer.length }, (_, row) => buffer.getLine(row)!.translateToString(true))
      .filter(Boolean)
      .join('|');
  };
  /** Turns the clock in small steps and lets promises run between them. */
  async function pass(ms: number): Promise<void> {
    for (let gone = 0; gone < ms; gone += 20) {
      clock.pass(20);
      await screen.settled();
      for (let i = 0; i < 12; i++) await Promise.resolve();
    }
  }
  return { clock, terminal, player, seen, picture, text, pass };
}

const spoken: Spoken[] = [
  [0, 'a'],
  [500, 'b'],
  [1_000, 'c'],
  [11_000, 'd'],
  [11_500, 'e'],
];

describe('player', () => {
  it('plays at speed 1 and stops at the end', async () => {
    const { player, text, pass } = rig(sourceOf(eventsOf(spoken), 12_000), { skipIdle: false });
    await player.seek(0);
    expect(player.view.state).toBe('paused');
    player.play();
    await pass(700);
    expect(await text()).toBe('ab');
    await pass(3_000);
    expect(await text()).toBe('abc');
    await pass(7_500);
    expect(await text()).toBe('abcd');
    await pass(2_000);
    expect(await text()).toBe('abcde');
    expect(player.view).toMatchObject({ state: 'ended', positionMs: 12_000 });
  });

  it('a quiet running session: a moment after its last output is shown at once where one looks back, else waited for', async () => {
    const running = { ...sourceOf(eventsOf(spoken.slice(0, 3)), 1_000), end: undefined };
    const now = rig(running, { ahead: 'now' });
    await now.player.seek(60_000);
    expect(await now.text()).toBe('abc');
    expect(now.player.view).toMatchObject({ state: 'paused', positionMs: 60_000 });
    await now.player.seek(700);
    expect(await now.text()).toBe('ab');
    const wait = rig(running);
    void wait.player.seek(60_000);
    await wait.pass(200);
    expect(wait.player.view.state).toBe('seeking');
  });

  it('X22: skips idle after 2 s, and says how much that saves', async () => {
    const source = sourceOf(eventsOf(spoken), 12_000);
    expect(source.activity.savedMs).toBe(8_000);
    expect(source.activity.idle).toEqual([{ fromMs: 1_000, toMs: 11_000 }]);
    const { player, text, pass } = rig(source);
    await player.seek(0);
    player.play();
    await pass(2_900);
    expect(await text()).toBe('abc');
    await pass(300);
    expect(await text()).toBe('abcd');
    expect(player.view.positionMs).toBeGreaterThanOrEqual(11_000);
  });

  it('X22: speed changes take effect from the moment on', async () => {
    const { player, pass } = rig(sourceOf(eventsOf(spoken), 12_000), { skipIdle: false, speed: 4 });
    await player.seek(0);
    player.play();
    await pass(1_000);
    expect(player.view.positionMs).toBeGreaterThan(3_700);
    player.setPace({ speed: 0.25 });
    const from = player.view.positionMs;
    await pass(1_000);
    expect(player.view.positionMs - from).toBeLessThan(450);
    player.pause();
    const still = player.view.positionMs;
    await pass(1_000);
    expect(player.view.positionMs).toBe(still);
  });

  it('a seek while playing goes on playing; the last of several seeks wins', async () => {
    const { player, text, pass } = rig(sourceOf(eventsOf(spoken), 12_000), { skipIdle: false });
    await player.seek(0);
    player.play();
    await pass(300);
    const seeks = [player.seek(11_700), player.seek(200), player.seek(900)];
    await Promise.all(seeks);
    expect(await text()).toBe('ab');
    expect(player.view.state).toBe('playing');
    await pass(400);
    expect(await text()).toBe('abc');
  });

  it('play after the end begins again', async () => {
    const { player, pass, text } = rig(sourceOf(eventsOf(spoken), 12_000));
    await player.seek(99_999);
    expect(player.view).toMatchObject({ state: 'ended', positionMs: 12_000 });
    player.play();
    await pass(100);
    expect(player.view.state).toBe('playing');
    expect(await text()).toBe('a');
  });

  it('law: seek(t) gives the screen of playing to t (X18, W17), whatever was on the screen before', async () => {
    const piece = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom(
        '\r\n',
        '中文',
        '\x1b[31m',
        '\x1b[0;1m',
        '\x1b[2J',
        '\x1b[H',
        '\x1b[3;4H',
        '\x1b[?1049h',
        '\x1b[?1049l',
        '\x1b[2;4r',
        '\x1b[r',
        '\x1b[?2004h',
        '\x1b(0',
        '\x1b(B',
        '\x1b[4h',
        '\x1b[?7l',
        '\x1b[',
        '\x1b]0;cut',
        '\x1bP',
        '\t',
        '\x1bH',
        '\x1b7',
        '\x1b8',
        '\x1b[?6h',
      ),
      fc.tuple(fc.integer({ min: 2, max: 30 }), fc.integer({ min: 1, max: 8 })),
    );
    const gap = fc.integer({ min: 0, max: 3_000 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(gap, piece), { minLength: 1, maxLength: 30 }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 6 }),
        async (pieces, seeks) => {
          let atMs = 0;
          const events = eventsOf(
            pieces.map(([pause, what]) => {
              atMs += pause;
              return [atMs, what];
            }),
          );
          const source = sourceOf(events, atMs);
          const wandering = rig(source);
          for (const part of seeks) await wandering.player.seek(part * atMs);
          const straight = rig(source, { skipIdle: false, speed: 16 });
          const target = seeks.at(-1)! * atMs;
          await straight.player.seek(0);
          for (const event of events) if (event.atMs <= target) await straight.player.seek(event.atMs);
          expect(await wandering.picture()).toEqual(await straight.picture());
        },
      ),
      { numRuns: 60 },
    );
  });
});
