import type { TerminalSize } from '@sallyport/core/model/session.js';
import {
  decodeFrame,
  decodeJson,
  decodeNumber,
  encodeFrame,
  encodeJsonFrame,
  encodeNumberFrame,
  encodeSizeFrame,
  FRAME,
  type FrameType,
} from '@sallyport/core/wire/terminal-frames.js';
import { encodeScreen, WATCH_FRAME } from '@sallyport/core/wire/watch-frames.js';
import { describe, expect, it } from 'vitest';
import { handClock } from '../terminal/page-clock.fixture.js';
import { createTerminalSocket, type WebSocketLike } from '../terminal/socket.js';
import { createWatcher, type WatchScreen } from './watcher.js';

const text = (words: string): Uint8Array => new TextEncoder().encode(words);
const FACTS = {
  sessionId: 's1',
  userName: 'alice',
  hostName: 'web-01',
  login: 'root',
  sourceAddress: '10.2.0.14',
  liveAt: 5,
  notice: 'always',
  watchers: ['admin'],
  recorded: true,
};

async function stand(tickets: ('ok' | 'session.over' | 'network')[] = []) {
  const clock = handClock(1_000_000);
  const lines: (WebSocketLike & { sent: Uint8Array[] })[] = [];
  const socket = createTerminalSocket({
    clock,
    connect() {
      const line: WebSocketLike & { sent: Uint8Array[] } = {
        bufferedAmount: 0,
        onopen: null,
        onclose: null,
        onmessage: null,
        sent: [],
        send: (data) => line.sent.push(data.slice()),
        close: () => undefined,
      };
      lines.push(line);
      return line;
    },
  });
  const seen: string[] = [];
  const parsed: (() => void)[] = [];
  const screen: WatchScreen = {
    restore({ size, scrollback, bytes }, done) {
      seen.push(`screen ${size.cols}x${size.rows} ${scrollback} ${new TextDecoder().decode(bytes)}`);
      parsed.push(done);
    },
    write(bytes, done) {
      seen.push(`output ${new TextDecoder().decode(bytes)}`);
      parsed.push(done);
    },
    resize: ({ cols, rows }: TerminalSize) => seen.push(`size ${cols}x${rows}`),
    leave: () => seen.push('leave'),
  };
  let asked = 0;
  const watcher = createWatcher({
    socket,
    clock,
    screen,
    ticket() {
      asked++;
      const next = tickets.shift() ?? 'ok';
      return Promise.resolve(
        next === 'ok'
          ? { ok: true, ticket: `t${asked}` }
          : { ok: false, failure: { code: next === 'network' ? 'network' : next, params: {} } },
      );
    },
    changed: () => undefined,
  });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  };
  const line = () => lines.at(-1)!;
  const frames = () =>
    line()
      .sent.map((bytes) => decodeFrame(bytes)!)
      .filter(({ type }) => type !== FRAME.PING);
  const number = (): number =>
    frames()
      .filter(({ type }) => type === FRAME.OPEN)
      .at(-1)!.terminal;
  const tell = (bytes: Uint8Array): void =>
    line().onmessage?.({ data: bytes.slice().buffer } as unknown as MessageEvent);
  const open = async (): Promise<void> => {
    line().onopen?.({} as Event);
    await settle();
  };
  return {
    clock,
    watcher,
    seen,
    frames,
    open,
    settle,
    asked: () => asked,
    parseAll() {
      for (const done of parsed.splice(0)) done();
    },
    drop: () => line().onclose?.({ code: 1006 } as CloseEvent),
    watching: (more: object = {}) =>
      tell(encodeJsonFrame(WATCH_FRAME.WATCHING as FrameType, number(), { ...FACTS, ...more })),
    screen: (words: string) =>
      tell(
        encodeFrame(
          WATCH_FRAME.SCREEN as FrameType,
          number(),
          encodeScreen({ scrollback: 9_000, cols: 80, rows: 24, offset: 7, bytes: text(words) }),
        ),
      ),
    output: (words: string) => tell(encodeFrame(FRAME.OUTPUT, number(), text(words))),
    size: (cols: number, rows: number) => tell(encodeSizeFrame(WATCH_FRAME.SIZE as FrameType, number(), cols, rows)),
    notice: (notice: object) => tell(encodeJsonFrame(FRAME.NOTICE, number(), notice)),
    ended: (ended: object) => tell(encodeJsonFrame(FRAME.ENDED, number(), ended)),
    tellOn: (terminal: number, words: string) => tell(encodeFrame(FRAME.OUTPUT, terminal, text(words))),
    number,
  };
}

describe('a watch', () => {
  it('S28: opens with a ticket, shows the screen, then what follows it, in order with the sizes', async () => {
    const { open, frames, watching, screen, output, size, seen, watcher } = await stand();
    await open();
    expect(frames().map(({ type, payload }) => [type, decodeJson(payload)])).toEqual([[FRAME.OPEN, { ticket: 't1' }]]);
    watching();
    expect(watcher.view).toMatchObject({ state: { at: 'joining' }, facts: { userName: 'alice' } });
    output('too early');
    screen('vim');
    output('a');
    size(100, 30);
    output('b');
    expect(seen).toEqual(['screen 80x24 9000 vim', 'output a', 'size 100x30', 'output b']);
    expect(watcher.view).toMatchObject({ state: { at: 'watching' }, size: { cols: 100, rows: 30 } });
  });

  it('V48, S31: sends nothing but OPEN, CREDIT and CLOSE, whatever comes', async () => {
    const { open, frames, screen, output, parseAll, clock, watcher } = await stand();
    await open();
    screen('\x1b[c\x1b[6n\x1b]52;c;aGk=\x07\x1b[?1003h');
    output('\x1b[>c\x1b]11;?\x07\x1b[18t');
    parseAll();
    clock.pass(1_000);
    watcher.stop();
    expect(frames().map(({ type }) => type)).toEqual([FRAME.OPEN, FRAME.CREDIT, FRAME.CLOSE]);
  });

  it('credits what the emulator has parsed, of the screen too, and not before', async () => {
    const { open, frames, screen, output, parseAll, clock } = await stand();
    await open();
    screen('12345');
    output('678');
    clock.pass(1_000);
    expect(frames().filter(({ type }) => type === FRAME.CREDIT)).toEqual([]);
    parseAll();
    clock.pass(1_000);
    expect(
      frames()
        .filter(({ type }) => type === FRAME.CREDIT)
        .map(({ payload }) => decodeNumber(payload)),
    ).toEqual([8]);
  });

  it('S32: comes back by a new ticket and a new screen; until then the old one is not called live', async () => {
    const { open, drop, clock, screen, seen, watcher, number, tellOn, asked } = await stand();
    await open();
    screen('one');
    const before = number();
    drop();
    expect(watcher.view.state).toEqual({ at: 'lost', since: 1_000_000 });
    clock.pass(5_000);
    await open();
    expect(asked()).toBe(2);
    expect(watcher.view.state.at).toBe('lost');
    tellOn(before, 'of the old watch');
    screen('two');
    expect(watcher.view.state.at).toBe('watching');
    expect(seen).toEqual(['screen 80x24 9000 one', 'screen 80x24 9000 two']);
    expect(watcher.view.happened.map(({ what }) => what.kind)).toEqual(['rejoined', 'lost', 'joined']);
  });

  it('asks again with growing pauses while the gateway does not answer, and not when it says no', async () => {
    const { open, clock, settle, asked, watcher } = await stand(['network', 'network', 'session.over']);
    await open();
    clock.pass(999);
    expect(asked()).toBe(1);
    clock.pass(1);
    await settle();
    expect(asked()).toBe(2);
    clock.pass(2_000);
    await settle();
    expect(watcher.view.state).toEqual({ at: 'refused', failure: { code: 'session.over', params: {} } });
    clock.pass(60_000);
    await settle();
    expect(asked()).toBe(3);
  });

  it('tells of freezes, messages, skipped output and who else came', async () => {
    const { open, watching, screen, notice, watcher } = await stand();
    await open();
    watching();
    screen('');
    watching({ watchers: ['admin', '吴桐'] });
    notice({ kind: 'frozen', by: 'admin', reason: 'wrong host', at: 12 });
    expect(watcher.view.facts?.frozen).toEqual({ by: 'admin', reason: 'wrong host', at: 12 });
    notice({ kind: 'unfrozen', by: 'admin', droppedBytes: 3 });
    expect(watcher.view.facts?.frozen).toBeUndefined();
    notice({ kind: 'resynchronised', skippedBytes: 4_000 });
    expect(watcher.view.notice?.told).toEqual({ kind: 'resynchronised', skippedBytes: 4_000 });
    notice({ kind: 'screen-unknown' });
    expect(watcher.view.unknown).toBe(true);
    screen('');
    expect(watcher.view.unknown).toBe(false);
    expect(watcher.view.happened.map(({ what }) => (what.kind === 'told' ? what.notice.kind : what.kind))).toEqual([
      'screen-unknown',
      'resynchronised',
      'unfrozen',
      'frozen',
      'came',
      'joined',
    ]);
  });

  it('S35: the end is the last word: the screen leaves what the program had taken, and nobody asks again', async () => {
    const { open, screen, ended, seen, clock, asked, watcher } = await stand();
    await open();
    screen('vim');
    ended({ reason: 'ended-by-admin', params: { by: 'admin', reason: 'wrong host' } });
    expect(seen.at(-1)).toBe('leave');
    expect(watcher.view.state).toMatchObject({
      at: 'over',
      ended: { reason: 'ended-by-admin', params: { by: 'admin', reason: 'wrong host' } },
    });
    clock.pass(60_000);
    expect(asked()).toBe(1);
  });

  it('F13: frames that are no frames of ours change nothing', async () => {
    const { open, screen, size, notice, seen, watcher, number, tellOn } = await stand();
    await open();
    screen('ok');
    size(0, 0);
    notice({ kind: 'something new' });
    tellOn(number() + 1, 'another watch');
    expect(seen).toEqual(['screen 80x24 9000 ok']);
    expect(watcher.view.size).toEqual({ cols: 80, rows: 24 });
    expect(encodeNumberFrame(FRAME.PONG, 0, 1)).toHaveLength(7);
  });
});
