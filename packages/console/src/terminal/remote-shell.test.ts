import {
  decodeFrame,
  decodeJson,
  decodeSize,
  encodeFrame,
  encodeJsonFrame,
  encodeNumberFrame,
  FRAME,
  type FrameType,
  MAX_CLIENT_FRAME_BYTES,
} from '@sallyport/core/wire/terminal-frames.js';
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { NETWORK } from './frame-reading.js';
import type { TicketResult } from './http-tickets.js';
import { handClock } from './page-clock.fixture.js';
import { createRemoteShell, RESUME_WINDOW_MS } from './remote-shell.js';
import type { ShellState } from './shell-state.js';
import { createTerminalSocket, type WebSocketLike } from './socket.js';

const utf8 = new TextEncoder();
const text = new TextDecoder();

/** One accepted connection, as the gateway holds it. */
class Line implements WebSocketLike {
  bufferedAmount = 0;
  onopen: WebSocketLike['onopen'] = null;
  onclose: WebSocketLike['onclose'] = null;
  onmessage: WebSocketLike['onmessage'] = null;
  open = false;
  readonly got: { type: number; terminal: number; payload: Uint8Array }[] = [];
  answerPings = true;
  accept(): void {
    this.open = true;
    this.onopen?.(new Event('open'));
  }
  cut(code = 1006): void {
    this.open = false;
    this.onclose?.(Object.assign(new Event('close'), { code }) as CloseEvent);
  }
  close(): void {
    this.open = false;
  }
  send(bytes: Uint8Array): void {
    const frame = decodeFrame(bytes.slice());
    if (!frame) throw new Error('not a frame');
    if (frame.type === FRAME.PING) {
      if (this.answerPings) this.tell(encodeFrame(FRAME.PONG, 0, frame.payload));
    } else this.got.push(frame);
  }
  tell(bytes: Uint8Array): void {
    this.onmessage?.(new MessageEvent('message', { data: bytes.slice().buffer }));
  }
  frames(type: FrameType) {
    return this.got.filter((frame) => frame.type === type);
  }
  opens() {
    return this.frames(FRAME.OPEN).map((frame) => ({
      ...(decodeJson(frame.payload) as { ticket: string; cols: number; rows: number; from?: number }),
      number: frame.terminal,
    }));
  }
}

const settle = async (): Promise<void> => {
  for (let i = 0; i < 8; i++) await Promise.resolve();
};

function rig() {
  const clock = handClock(1_000_000);
  const lines: Line[] = [];
  const socket = createTerminalSocket({
    clock,
    connect() {
      const line = new Line();
      lines.push(line);
      return line;
    },
    signedOut: () => asked.push('signed out'),
  });
  let ticketNumber = 0;
  const asked: string[] = [];
  const refuse: { open?: TicketResult; resume?: TicketResult } = {};
  const tickets = {
    async open(hostId: string, accountId: string): Promise<TicketResult> {
      asked.push(`open ${hostId} ${accountId}`);
      return refuse.open ?? { ok: true, ticket: `t${++ticketNumber}` };
    },
    async resume(sessionId: string): Promise<TicketResult> {
      asked.push(`resume ${sessionId}`);
      return refuse.resume ?? { ok: true, ticket: `t${++ticketNumber}` };
    },
  };
  const terminal = new xterm.Terminal({ cols: 40, rows: 6, allowProposedApi: true });
  const window = { cols: 40, rows: 6 };
  const stopped: ShellState[] = [];
  const shell = createRemoteShell(
    { hostId: 'h', accountId: 'a' },
    {
      socket,
      tickets,
      clock,
      screen: {
        write: (data, done) => terminal.write(data, done),
        resize: (cols, rows) => terminal.resize(cols, rows),
        reset: () => terminal.reset(),
        fit: () => window,
      },
      changed: () => undefined,
      stopped: (state) => stopped.push(state),
    },
  );
  terminal.onData((data) => shell.typed(data));
  const last = (): Line => lines[lines.length - 1]!;
  const parsed = (): Promise<void> => new Promise((done) => terminal.write('', done));
  const screen = (): string[] =>
    Array.from({ length: terminal.buffer.active.length }, (_, row) =>
      terminal.buffer.active.getLine(row)!.translateToString(true),
    ).filter((row) => row !== '');
  const opened = (number: number, more: object = {}) =>
    last().tell(
      encodeJsonFrame(FRAME.OPENED, number, {
        sessionId: 's1',
        hostName: 'web',
        login: 'root',
        resumed: false,
        recorded: true,
        offset: 0,
        ...more,
      }),
    );
  const output = (number: number, words: string, type: FrameType = FRAME.OUTPUT) =>
    last().tell(encodeFrame(type, number, utf8.encode(words)));
  async function live() {
    void shell.start();
    last().accept();
    await settle();
    const { number } = last().opens()[0]!;
    opened(number);
    return number;
  }
  return {
    clock,
    lines,
    socket,
    shell,
    terminal,
    window,
    refuse,
    asked,
    stopped,
    last,
    parsed,
    screen,
    opened,
    output,
    live,
  };
}

describe('remote shell', () => {
  it('opens with one ticket, shows the steps, then lives', async () => {
    const { shell, last, opened, asked } = rig();
    void shell.start();
    last().accept();
    await settle();
    expect(asked).toEqual(['open h a']);
    expect(last().opens()).toEqual([{ number: 2, ticket: 't1', cols: 40, rows: 6 }]);
    last().tell(encodeJsonFrame(FRAME.STEP, 2, { step: 'policy', state: 'now' }));
    last().tell(encodeJsonFrame(FRAME.STEP, 2, { step: 'policy', state: 'ok', ms: 2 }));
    expect(shell.view.state).toEqual({ at: 'opening', steps: [{ step: 'policy', state: 'ok', ms: 2 }] });
    opened(2);
    expect(shell.view.state.at).toBe('live');
    expect(shell.view.opened).toMatchObject({ recorded: true, hostName: 'web' });
  });

  it('S23: keys go out in order as bytes; a long paste is split into frames the gateway takes', async () => {
    const { shell, last, live } = rig();
    await live();
    shell.typed('中');
    shell.input(new Uint8Array(MAX_CLIENT_FRAME_BYTES * 2).fill(65));
    const inputs = last().frames(FRAME.INPUT);
    expect(text.decode(inputs[0]!.payload)).toBe('中');
    expect(inputs.length).toBe(4);
    for (const frame of inputs) expect(frame.payload.length + 3).toBeLessThanOrEqual(MAX_CLIENT_FRAME_BYTES);
    expect(inputs.slice(1).reduce((sum, frame) => sum + frame.payload.length, 0)).toBe(MAX_CLIENT_FRAME_BYTES * 2);
  });

  it('a lost line resumes from the byte the emulator holds: nothing repeats, nothing is lost', async () => {
    const { shell, lines, last, clock, live, opened, output, parsed, screen, asked } = rig();
    const first = await live();
    output(first, 'one\r\n');
    last().cut();
    expect(shell.view.state).toMatchObject({ at: 'resuming', reloaded: false });
    expect(shell.typed('x')).toBe(false);
    clock.pass(600);
    expect(lines.length).toBe(2);
    last().accept();
    await settle();
    expect(asked.at(-1)).toBe('resume s1');
    const open = last().opens()[0]!;
    expect(open).toMatchObject({ ticket: 't2', from: 5 });
    opened(open.number, { resumed: true, offset: 5 });
    output(open.number, 'two\r\n', FRAME.HISTORY);
    last().tell(encodeJsonFrame(FRAME.HISTORY_END, open.number, { offset: 10, partial: false }));
    output(open.number, 'three');
    output(first, 'stale frame of the old number');
    await parsed();
    expect(screen()).toEqual(['one', 'two', 'three']);
    expect(shell.feed.held).toBe(15);
    expect(shell.view.state.at).toBe('live');
    expect(shell.typed('x')).toBe(true);
  });

  it('after 60 s of no line the shell is lost, and Enter opens a new session under the kept output', async () => {
    const { shell, last, clock, live, output, opened, stopped, asked, parsed, screen } = rig();
    output(await live(), 'kept\r\n');
    last().cut();
    clock.pass(RESUME_WINDOW_MS - 1);
    expect(shell.view.state.at).toBe('resuming');
    clock.pass(1);
    expect(shell.view.state).toMatchObject({ at: 'lost', failure: NETWORK });
    expect(stopped).toHaveLength(1);
    shell.reconnect();
    last().accept();
    await settle();
    expect(asked.at(-1)).toBe('open h a');
    const open = last().opens()[0]!;
    expect(open.from).toBeUndefined();
    opened(open.number, { sessionId: 's2' });
    output(open.number, 'fresh');
    await parsed();
    expect(screen()).toEqual(['kept', 'fresh']);
    expect(shell.feed.held).toBe(5);
  });

  it('V40: a line closed because the sign-in is over is told apart from a network that failed', async () => {
    const { clock, lines, asked, socket } = rig();
    socket.join({ up: () => undefined, down: () => undefined, frame: () => undefined });
    lines[0]!.accept();
    lines[0]!.cut();
    expect(asked).toEqual([]);
    clock.pass(600);
    lines.at(-1)!.accept();
    lines.at(-1)!.cut(4401);
    expect(asked).toEqual(['signed out']);
  });

  it('a refused resume is told at once with its code', async () => {
    const { shell, last, clock, live, refuse } = rig();
    await live();
    refuse.resume = { ok: false, failure: { code: 'session.over', params: {} } };
    last().cut();
    clock.pass(1_000);
    last().accept();
    await settle();
    expect(shell.view.state).toMatchObject({ at: 'lost', failure: { code: 'session.over' } });
  });

  it('a resume ticket that fails for the network’s sake is asked again', async () => {
    const { shell, last, clock, live, refuse, opened } = rig();
    await live();
    refuse.resume = { ok: false, failure: NETWORK };
    last().cut();
    clock.pass(1_000);
    last().accept();
    await settle();
    expect(shell.view.state.at).toBe('resuming');
    delete refuse.resume;
    clock.pass(1_000);
    await settle();
    opened(last().opens()[0]!.number, { resumed: true });
    expect(shell.view.state.at).toBe('live');
  });

  it('a page that was reloaded resumes without a place and mutes replies to history (V32)', async () => {
    const { shell, last, opened, output, parsed, screen, window } = rig();
    void shell.start('s1');
    last().accept();
    await settle();
    const open = last().opens()[0]!;
    expect(open.from).toBeUndefined();
    opened(open.number, { resumed: true, offset: 0 });
    last().tell(encodeFrame(FRAME.HISTORY_SIZE, open.number, new Uint8Array([0, 20, 0, 5])));
    output(open.number, 'old \x1b[6n\x1b[c', FRAME.HISTORY);
    window.cols = 33;
    last().tell(encodeJsonFrame(FRAME.HISTORY_END, open.number, { offset: 11, partial: true }));
    output(open.number, 'new\x1b[5n');
    await parsed();
    expect(screen()).toEqual(['old new']);
    expect(
      last()
        .frames(FRAME.INPUT)
        .map((frame) => text.decode(frame.payload)),
    ).toEqual(['\x1b[0n']);
    expect(decodeSize(last().frames(FRAME.RESIZE).at(-1)!.payload)).toEqual({ cols: 33, rows: 6 });
    expect(shell.view.partial).toBe(true);
  });

  it('S19: the window’s size is said as soon as OPEN is out, so that the shell begins with it', async () => {
    const { shell, last, window } = rig();
    let asked = false;
    void shell.start().then(() => {
      asked = true;
    });
    shell.resized(41, 7);
    last().accept();
    shell.resized(42, 8);
    expect(asked).toBe(false);
    await settle();
    expect(last().frames(FRAME.RESIZE)).toEqual([]);
    expect(last().opens()).toHaveLength(1);
    expect(asked).toBe(true);
    window.cols = 43;
    shell.resized(43, 6);
    expect(
      last()
        .frames(FRAME.RESIZE)
        .map((frame) => decodeSize(frame.payload)),
    ).toEqual([{ cols: 43, rows: 6 }]);
  });

  it('X8: a refusal while opening stays in the pane with the step and the code', async () => {
    const { shell, last } = rig();
    void shell.start();
    last().accept();
    await settle();
    last().tell(encodeJsonFrame(FRAME.STEP, 2, { step: 'network', state: 'failed', ms: 12 }));
    last().tell(
      encodeJsonFrame(FRAME.ENDED, 2, { reason: 'failed', code: 'target.refused', params: { address: 'h:22' } }),
    );
    expect(shell.view.state).toEqual({
      at: 'failed',
      steps: [{ step: 'network', state: 'failed', ms: 12 }],
      failure: { code: 'target.refused', params: { address: 'h:22' } },
    });
  });

  it('a refused ticket fails without an OPEN; an absent gateway is told after a while', async () => {
    const refused = rig();
    refused.refuse.open = { ok: false, failure: { code: 'auth.forbidden', params: { operation: 'connect' } } };
    void refused.shell.start();
    refused.last().accept();
    await settle();
    expect(refused.shell.view.state).toMatchObject({ at: 'failed', failure: { code: 'auth.forbidden' } });
    const absent = rig();
    void absent.shell.start();
    absent.clock.pass(20_000);
    expect(absent.shell.view.state).toMatchObject({ at: 'failed', failure: NETWORK });
  });

  it('X15: an end by the gateway keeps the screen and names the reason', async () => {
    const { shell, last, live, output, parsed, screen, stopped } = rig();
    const number = await live();
    output(number, 'bye');
    last().tell(
      encodeJsonFrame(FRAME.ENDED, number, { reason: 'ended-by-admin', params: { by: '林伟', reason: 'wrong host' } }),
    );
    await parsed();
    expect(shell.view.state).toMatchObject({ at: 'over', ended: { reason: 'ended-by-admin', params: { by: '林伟' } } });
    expect(stopped.map((state) => state.at)).toEqual(['over']);
    expect(screen()).toEqual(['bye']);
    expect(shell.typed('x')).toBe(false);
  });

  it('an end that may be resumed is a loss, not an end', async () => {
    const { shell, last, live, clock } = rig();
    const number = await live();
    last().tell(encodeJsonFrame(FRAME.ENDED, number, { reason: 'shutdown', resumable: true }));
    expect(shell.view.state.at).toBe('resuming');
    clock.pass(1_000);
    await settle();
    expect(last().opens().at(-1)).toMatchObject({ from: 0 });
  });

  it('closing tells the gateway and closes the socket when nobody else uses it', async () => {
    const { shell, last, live, lines, clock } = rig();
    const number = await live();
    shell.close();
    expect(
      last()
        .frames(FRAME.CLOSE)
        .map((frame) => frame.terminal),
    ).toEqual([number]);
    expect(last().open).toBe(false);
    clock.pass(60_000);
    expect(lines.length).toBe(1);
  });

  it('F13: frames that are no frames of ours change nothing', async () => {
    const { shell, last, live } = rig();
    const number = await live();
    const before = shell.view;
    for (const bytes of [
      [],
      [0x83],
      [0xff, 0, number, 1],
      [FRAME.ENDED, 0, number, 0x7b],
      [FRAME.OPENED, 0, number, 0x5b, 0x5d],
    ]) {
      last().tell(new Uint8Array(bytes));
    }
    last().tell(encodeJsonFrame(FRAME.STEP, number, { step: 'nothing', state: 'ok' }));
    last().tell(encodeNumberFrame(FRAME.HISTORY_SIZE, number, 0).subarray(0, 4));
    last().onmessage?.(new MessageEvent('message', { data: 'text' }));
    expect(shell.view).toBe(before);
  });
});

describe('terminal socket', () => {
  it('many terminals share one connection, and each hears only its own frames', async () => {
    const { shell, lines, socket, live } = rig();
    await live();
    const heard: number[] = [];
    const port = socket.join({ up: () => undefined, down: () => undefined, frame: (frame) => heard.push(frame.type) });
    const number = port.renumber();
    lines[0]!.tell(encodeFrame(FRAME.OUTPUT, number, utf8.encode('x')));
    lines[0]!.tell(encodeFrame(FRAME.OUTPUT, 999, utf8.encode('y')));
    expect([lines.length, heard, shell.feed.held]).toEqual([1, [FRAME.OUTPUT], 0]);
    port.leave();
    expect(lines[0]!.open).toBe(true);
  });

  it('measures the round trip, beats every 20 s, and takes silence for death', async () => {
    const { clock, socket, lines, shell, live } = rig();
    await live();
    expect(socket.latencyMs).toBe(0);
    lines[0]!.answerPings = false;
    clock.pass(20_000);
    expect(shell.view.state.at).toBe('live');
    clock.pass(10_000);
    expect(shell.view.state.at).toBe('resuming');
    expect(socket.latencyMs).toBeUndefined();
  });

  it('tries again with growing pauses, at once when the network is back', async () => {
    const { clock, lines, shell, socket } = rig();
    void shell.start();
    lines[0]!.cut();
    const tries: number[] = [];
    for (let second = 0; second < 12; second++) {
      clock.pass(1_000);
      tries.push(lines.length);
      lines.at(-1)!.cut();
    }
    expect(tries.at(-1)).toBeLessThan(9);
    socket.probe();
    expect(lines.length).toBe(tries.at(-1)! + 1);
  });
});
