/**
 * One terminal as the page sees it: opening -> live -> over, with `resuming` between when the line is lost. A lost line
 * is resumed for 60 s from the byte the emulator holds, so nothing repeats and nothing is lost; after that, or when the
 * gateway refuses, the shell is `lost` and only Enter opens a new session. Keys typed while nobody listens are dropped,
 * never sent later: what the user would have typed at the old screen may be wrong at the new one.
 */

import { readEnded } from '@sallyport/core/wire/read-ended.js';
import { readNotice } from '@sallyport/core/wire/read-notice.js';
import {
  decodeSize,
  encodeFrame,
  encodeJsonFrame,
  encodeNumberFrame,
  encodeSizeFrame,
  FRAME,
  type Frame,
} from '@sallyport/core/wire/terminal-frames.js';
import { createCredit } from './credit.js';
import { type Failure, mayPass, NETWORK, readHistoryEnd, readOpened, readStep } from './frame-reading.js';
import type { TicketResult, Tickets } from './http-tickets.js';
import { inputFrames } from './input-frames.js';
import type { PageClock } from './page-clock.js';
import { createScreenFeed, type FeedTarget, type ScreenFeed } from './screen-feed.js';
import type { ShellState, ShellView } from './shell-state.js';
import type { TerminalSocket } from './socket.js';
import { type Message, NOTHING_STANDS, standAfter, standAgain, withoutMessage } from './standing.js';

export const RESUME_WINDOW_MS = 60_000;
/** A first opening waits this long for the gateway before it says so. */
const OPEN_PATIENCE_MS = 15_000;
const TICKET_RETRY_MS = 1_000;

export interface ShellTarget {
  readonly hostId: string;
  readonly accountId: string;
}
export interface ShellScreen extends FeedTarget {
  /** The size that fits the window now. */
  fit(): { readonly cols: number; readonly rows: number };
}

export interface RemoteShell {
  readonly view: ShellView;
  readonly feed: ScreenFeed;
  /** Resolves when the gateway has been asked, or will not be: nothing of what follows waits for the page any more. */
  start(resume?: string): Promise<void>;
  input(bytes: Uint8Array): boolean;
  /** What the emulator emitted; replies to history stay here. */
  typed(data: string): boolean;
  resized(cols: number, rows: number): void;
  /** Enter on a shell that is over: a new session, under the kept output. */
  reconnect(): void;
  dismissNotice(): void;
  closeMessage(message: Message): void;
  /** The user closes it: the session ends. */
  close(): void;
}

const utf8 = new TextEncoder();

export function createRemoteShell(
  target: ShellTarget,
  deps: {
    readonly socket: TerminalSocket;
    readonly tickets: Tickets;
    readonly clock: PageClock;
    readonly screen: ShellScreen;
    changed(view: ShellView): void;
    /** Something is written into the screen for a shell that just stopped: the words are the page's. */
    stopped(state: ShellState): void;
  },
): RemoteShell {
  const { socket, tickets, clock, screen } = deps;
  let view: ShellView = { state: { at: 'opening', steps: [] }, partial: false, standing: NOTHING_STANDS };
  let sessionId: string | undefined;
  /** Whether this emulator has held bytes of `sessionId`, so a resume may name its place. */
  let holding = false;
  let attempt = 0;
  let openSent = false;
  let number = 0;
  let cancelDeadline: (() => void) | undefined;
  let cancelRetry: (() => void) | undefined;
  let prefetched: Promise<TicketResult> | undefined;
  let tellAsked = (): void => {};

  const credit = createCredit(clock, (bytes) => {
    port?.send(encodeNumberFrame(FRAME.CREDIT, number, bytes));
  });
  const feed = createScreenFeed(screen, credit);
  let port: ReturnType<TerminalSocket['join']> | undefined;

  const show = (state: ShellState, more: Partial<Omit<ShellView, 'state'>> = {}): void => {
    view = { ...view, ...more, state };
    deps.changed(view);
  };
  const clearTimers = (): void => {
    cancelDeadline?.();
    cancelRetry?.();
    cancelDeadline = undefined;
    cancelRetry = undefined;
  };
  const leave = (): void => {
    attempt++;
    clearTimers();
    credit.stop();
    port?.leave();
    port = undefined;
    openSent = false;
    tellAsked();
  };
  const stop = (state: ShellState): void => {
    leave();
    show(state, { notice: undefined, standing: standAgain(view.standing) });
    deps.stopped(state);
  };
  const giveUp = (failure: Failure): void => {
    const { state } = view;
    if (state.at === 'opening') stop({ at: 'failed', steps: state.steps, failure });
    else if (state.at === 'resuming') stop({ at: 'lost', when: state.since, failure });
  };

  async function present(): Promise<void> {
    const mine = ++attempt;
    cancelRetry?.();
    const asked =
      sessionId === undefined
        ? (prefetched ?? tickets.open(target.hostId, target.accountId))
        : tickets.resume(sessionId);
    prefetched = undefined;
    const answer = await asked;
    if (mine !== attempt || !port) return;
    if (!answer.ok) {
      // What may pass (no network, signed out and in again) is tried until the 60 s are over.
      if (mayPass(answer.failure) && view.state.at === 'resuming') cancelRetry = clock.after(TICKET_RETRY_MS, retry);
      else giveUp(answer.failure);
      return;
    }
    if (!port.isUp) return; // up() comes back here with a fresh ticket
    number = port.renumber();
    const size = screen.fit();
    const from = sessionId !== undefined && holding ? { from: feed.held } : {};
    credit.restart();
    openSent = port.send(encodeJsonFrame(FRAME.OPEN, number, { ticket: answer.ticket, ...size, ...from }));
    tellAsked();
  }
  const retry = (): void => {
    if (port?.isUp) void present();
  };

  function lineLost(): void {
    attempt++;
    credit.stop();
    const { state } = view;
    if (state.at === 'live') {
      const since = clock.now();
      show({ at: 'resuming', since, reloaded: false });
      cancelDeadline?.();
      cancelDeadline = clock.after(RESUME_WINDOW_MS, () => giveUp(NETWORK));
    } else if (state.at === 'opening' && openSent) {
      // The ticket is spent and the half-open session dies with the line.
      giveUp(NETWORK);
    }
    openSent = false;
  }

  function begin(): void {
    clearTimers();
    openSent = false;
    const resuming = view.state.at === 'resuming';
    cancelDeadline = clock.after(resuming ? RESUME_WINDOW_MS : OPEN_PATIENCE_MS, () => {
      if (view.state.at === 'resuming' || !openSent) giveUp(NETWORK);
    });
    if (!resuming) prefetched = tickets.open(target.hostId, target.accountId);
    port = socket.join({
      up: () => void present(),
      down: lineLost,
      frame: received,
    });
    if (port.isUp) void present();
  }

  function received(frame: Frame): void {
    switch (frame.type) {
      case FRAME.OUTPUT:
        feed.output(frame.payload);
        return;
      case FRAME.HISTORY:
        feed.history(frame.payload);
        return;
      case FRAME.HISTORY_SIZE: {
        const size = decodeSize(frame.payload);
        if (size) feed.historySize(size.cols, size.rows);
        return;
      }
      case FRAME.HISTORY_END: {
        const { offset, partial } = readHistoryEnd(frame.payload);
        feed.historyEnd(offset, () => {
          const { cols, rows } = screen.fit();
          resized(cols, rows);
          if (partial) show(view.state, { partial: true });
        });
        return;
      }
      case FRAME.STEP: {
        const step = readStep(frame.payload);
        const { state } = view;
        if (!step || state.at !== 'opening') return;
        show({ at: 'opening', steps: [...state.steps.filter((known) => known.step !== step.step), step] });
        return;
      }
      case FRAME.OPENED: {
        const opened = readOpened(frame.payload);
        if (!opened) return;
        clearTimers();
        if (holding && opened.resumed && opened.offset < feed.held) feed.reset();
        const gap = holding && opened.resumed && opened.offset > feed.held;
        sessionId = opened.sessionId;
        holding = true;
        feed.begin(opened.offset);
        const { cols, rows } = screen.fit();
        show({ at: 'live' }, { opened, partial: gap, standing: standAgain(view.standing) });
        resized(cols, rows);
        return;
      }
      case FRAME.NOTICE: {
        const notice = readNotice(frame.payload);
        if (notice) show(view.state, standAfter(view.standing, notice, clock.now()));
        return;
      }
      case FRAME.ENDED: {
        const ended = readEnded(frame.payload);
        if (!ended) return;
        const { state } = view;
        if (ended.resumable && state.at === 'live') {
          lineLost();
          cancelRetry = clock.after(TICKET_RETRY_MS, retry);
          return;
        }
        const failure: Failure = { code: ended.code ?? ended.reason, params: ended.params ?? {} };
        if (state.at === 'live') stop({ at: 'over', when: clock.now(), ended });
        else giveUp(failure);
        return;
      }
    }
  }

  function resized(cols: number, rows: number): void {
    if (feed.inHistory) return;
    screen.resize(cols, rows);
    const { at } = view.state;
    // While it opens too: the shell then begins with the size that was measured, not with the one that was likely.
    if (at === 'live' || (at === 'opening' && openSent)) {
      port?.send(encodeSizeFrame(FRAME.RESIZE, number, cols, rows));
    }
  }

  function input(bytes: Uint8Array): boolean {
    if (view.state.at !== 'live' || !port?.isUp) return false;
    for (const frame of inputFrames(number, bytes)) port.send(frame);
    return true;
  }

  return {
    get view() {
      return view;
    },
    feed,
    start(resume) {
      sessionId = resume;
      holding = false;
      show(
        resume === undefined ? { at: 'opening', steps: [] } : { at: 'resuming', since: clock.now(), reloaded: true },
        { opened: undefined, notice: undefined, partial: false, standing: NOTHING_STANDS },
      );
      return new Promise((resolve) => {
        tellAsked = resolve;
        begin();
      });
    },
    input,
    typed(data) {
      const text = feed.outgoing(data);
      return text === undefined ? false : input(utf8.encode(text));
    },
    resized,
    reconnect() {
      if (['failed', 'over', 'lost'].includes(view.state.at)) void this.start();
    },
    dismissNotice() {
      if (view.notice) show(view.state, { notice: undefined });
    },
    closeMessage: (message) => show(view.state, { standing: withoutMessage(view.standing, message) }),
    close() {
      port?.send(encodeFrame(FRAME.CLOSE, number));
      leave();
      show({ at: 'closed' }, { notice: undefined });
    },
  };
}
