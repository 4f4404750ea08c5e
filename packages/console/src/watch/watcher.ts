/**
 * One watch as the page sees it: joining -> watching -> over, and back to joining by a new ticket when the line is lost.
 * A SCREEN replaces all that is shown; what follows it continues it without a gap. Nothing but CREDIT and CLOSE is ever
 * sent for a watch: there is no way in for a key, and none for what the emulator would answer (V32, V48).
 *
 * INVARIANT: an old screen is never `watching`: that state begins with a SCREEN and ends with the line.
 */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import type { ScreenSnapshot } from '@sallyport/core/terminal/snapshot.js';
import { readEnded } from '@sallyport/core/wire/read-ended.js';
import { readNotice } from '@sallyport/core/wire/read-notice.js';
import { readWatching } from '@sallyport/core/wire/read-watching.js';
import {
  decodeSize,
  type Ended,
  encodeFrame,
  encodeJsonFrame,
  encodeNumberFrame,
  FRAME,
  type Frame,
  type Notice,
} from '@sallyport/core/wire/terminal-frames.js';
import { decodeScreen, WATCH_FRAME, type Watching } from '@sallyport/core/wire/watch-frames.js';
import { createCredit } from '../terminal/credit.js';
import { type Failure, NETWORK } from '../terminal/frame-reading.js';
import type { TicketResult } from '../terminal/http-tickets.js';
import type { PageClock } from '../terminal/page-clock.js';
import type { TerminalSocket } from '../terminal/socket.js';
import { comings, type Happened, type Happening, happen } from './happenings.js';

const RETRY_MS = [1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** Writes only. */
export interface WatchScreen {
  restore(snapshot: ScreenSnapshot, parsed: () => void): void;
  write(bytes: Uint8Array, parsed: () => void): void;
  resize(size: TerminalSize): void;
  /** Out of a full-screen program, so that what is left can be read. */
  leave(): void;
}

export type WatchState =
  | { readonly at: 'joining' }
  | { readonly at: 'watching' }
  /** What is shown is what was there then. */
  | { readonly at: 'lost'; readonly since: number }
  | { readonly at: 'refused'; readonly failure: Failure }
  | { readonly at: 'over'; readonly when: number; readonly ended: Ended };

export interface WatchView {
  readonly state: WatchState;
  readonly facts: Watching | undefined;
  /** A screen was shown, be it an old one. */
  readonly shown: boolean;
  /** The gateway does not know the screen at the moment; it will send it. */
  readonly unknown: boolean;
  /** Passes after a while or with a press. */
  readonly notice: { readonly told: Notice; readonly since: number } | undefined;
  readonly happened: readonly Happened[];
  readonly size: TerminalSize | undefined;
}

export interface Watcher {
  readonly view: WatchView;
  /** After a refusal. */
  again(): void;
  dismissNotice(): void;
  stop(): void;
}

export const JOINING: WatchView = {
  state: { at: 'joining' },
  facts: undefined,
  shown: false,
  unknown: false,
  notice: undefined,
  happened: [],
  size: undefined,
};
const mayPass = ({ code }: Failure): boolean =>
  code === NETWORK.code || code === 'auth.required' || code === 'auth.expired';

export function createWatcher(deps: {
  readonly socket: TerminalSocket;
  readonly clock: PageClock;
  readonly screen: WatchScreen;
  ticket(): Promise<TicketResult>;
  changed(view: WatchView): void;
}): Watcher {
  const { socket, clock, screen } = deps;
  let view = JOINING;
  let attempt = 0;
  let failures = 0;
  let number = 0;
  let port: ReturnType<TerminalSocket['join']> | undefined;
  let cancelRetry: (() => void) | undefined;
  const credit = createCredit(clock, (bytes) => {
    port?.send(encodeNumberFrame(FRAME.CREDIT, number, bytes));
  });

  const show = (change: Partial<WatchView>, ...what: readonly Happening[]): void => {
    const happened = what.length === 0 ? view.happened : happen(view.happened, clock.now(), ...what);
    view = { ...view, ...change, happened };
    deps.changed(view);
  };
  const leave = (): void => {
    attempt++;
    cancelRetry?.();
    cancelRetry = undefined;
    credit.stop();
    port?.leave();
    port = undefined;
  };

  async function present(): Promise<void> {
    const mine = ++attempt;
    cancelRetry?.();
    const answer = await deps.ticket();
    if (mine !== attempt || !port) return;
    if (!answer.ok) {
      if (mayPass(answer.failure)) retryLater();
      else refused(answer.failure);
      return;
    }
    if (!port.isUp) return; // up() comes back here with a fresh ticket
    number = port.renumber();
    credit.restart();
    port.send(encodeJsonFrame(FRAME.OPEN, number, { ticket: answer.ticket }));
  }
  function retryLater(): void {
    const pause = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)]!;
    cancelRetry?.();
    cancelRetry = clock.after(pause, () => {
      if (port?.isUp) void present();
    });
  }
  function refused(failure: Failure): void {
    leave();
    show({ state: { at: 'refused', failure }, unknown: false });
  }
  function lineLost(): void {
    attempt++;
    credit.stop();
    if (view.state.at === 'watching') {
      show({ state: { at: 'lost', since: clock.now() }, unknown: false, notice: undefined }, { kind: 'lost' });
    }
  }
  function begin(): void {
    port = socket.join({ up: () => void present(), down: lineLost, frame: received });
    if (port.isUp) void present();
  }

  function received(frame: Frame): void {
    const { payload } = frame;
    switch (frame.type) {
      case WATCH_FRAME.WATCHING: {
        const facts = readWatching(payload);
        if (facts) show({ facts }, ...comings(view.facts, facts));
        return;
      }
      case WATCH_FRAME.SCREEN: {
        const found = decodeScreen(payload);
        if (!found || found.cols === 0 || found.rows === 0) return;
        const { cols, rows, scrollback, bytes } = found;
        const size = { cols, rows };
        screen.restore({ size, scrollback, bytes }, credit.taken(bytes.length));
        failures = 0;
        const what: Happening[] = view.state.at === 'watching' ? [] : [{ kind: view.shown ? 'rejoined' : 'joined' }];
        show({ state: { at: 'watching' }, shown: true, unknown: false, size }, ...what);
        return;
      }
      case FRAME.OUTPUT:
        if (view.state.at === 'watching') screen.write(payload, credit.taken(payload.length));
        return;
      case WATCH_FRAME.SIZE: {
        const size = decodeSize(payload);
        if (!size || size.cols === 0 || size.rows === 0 || view.state.at !== 'watching') return;
        screen.resize(size);
        show({ size }, { kind: 'size', ...size });
        return;
      }
      case FRAME.NOTICE: {
        const notice = readNotice(payload);
        if (notice) heard(notice);
        return;
      }
      case FRAME.ENDED: {
        const ended = readEnded(payload);
        if (ended) over(ended);
        return;
      }
    }
  }
  function heard(notice: Notice): void {
    const { facts } = view;
    const told = { kind: 'told', notice } as const;
    switch (notice.kind) {
      case 'watched':
        return; // WATCHING says the same, and more
      case 'screen-unknown':
        show({ unknown: true }, told);
        return;
      case 'frozen': {
        const { by, reason, at } = notice;
        show({ ...(facts && { facts: { ...facts, frozen: { by, reason, at } } }) }, told);
        return;
      }
      case 'unfrozen': {
        const { frozen: _, ...rest } = facts ?? {};
        show({ ...(facts && { facts: rest as Watching }), notice: { told: notice, since: clock.now() } }, told);
        return;
      }
      case 'unrecorded':
        show({ ...(facts && { facts: { ...facts, recorded: false } }) }, told);
        return;
      default:
        show({ notice: { told: notice, since: clock.now() } }, told);
    }
  }
  function over(ended: Ended): void {
    if (ended.resumable) {
      // The gateway is closing the line; the session lives.
      lineLost();
      retryLater();
      return;
    }
    // Not let in again: the session may well run on.
    if (
      view.shown &&
      ended.code !== undefined &&
      (mayPass({ code: ended.code, params: {} }) || ended.code === 'ticket.invalid')
    ) {
      lineLost();
      retryLater();
      return;
    }
    if (!view.shown && ended.code !== undefined) {
      refused({ code: ended.code, params: ended.params ?? {} });
      return;
    }
    leave();
    screen.leave();
    show({ state: { at: 'over', when: clock.now(), ended }, unknown: false, notice: undefined }, { kind: 'over' });
  }

  begin();
  return {
    get view() {
      return view;
    },
    again() {
      if (view.state.at !== 'refused') return;
      show({ state: { at: 'joining' } });
      begin();
    },
    dismissNotice: () => show({ notice: undefined }),
    stop() {
      if (number > 0) port?.send(encodeFrame(FRAME.CLOSE, number));
      leave();
    },
  };
}
