/** The watch socket for the command line: one session, shown by an emulator, until it ends or is left. */

import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import { readEnded } from '@sallyport/core/wire/read-ended.js';
import { readNotice } from '@sallyport/core/wire/read-notice.js';
import { readWatching } from '@sallyport/core/wire/read-watching.js';
import {
  decodeFrame,
  decodeSize,
  type Ended,
  encodeFrame,
  encodeJsonFrame,
  encodeNumberFrame,
  FRAME,
  type Notice,
} from '@sallyport/core/wire/terminal-frames.js';
import {
  decodeScreen,
  WATCH_FRAME,
  WATCH_PATH,
  WATCH_SUBPROTOCOL,
  type Watching,
} from '@sallyport/core/wire/watch-frames.js';
import WebSocket from 'ws';
import { createHeadlessEmulator } from '../edges/screen/headless-emulator.js';

const NUMBER = 1;
const CONNECT_MS = 10_000;

export interface WatchClientEvents {
  /** Something of screen or facts is new. */
  changed(): void;
  notice(notice: Notice): void;
  /** The session is over; or, without a reason, the connection is. */
  over(ended: Ended | undefined): void;
}
export interface WatchClient {
  /** undefined: no screen has come yet. */
  view(): ScreenView | undefined;
  readonly facts: Watching | undefined;
  close(): void;
}

/** Rejects when the gateway cannot be reached or refuses the connection. */
export async function openWatch(
  gateway: { readonly server: string; readonly token: string; readonly ticket: string },
  events: WatchClientEvents,
): Promise<WatchClient> {
  const url = new URL(WATCH_PATH, gateway.server);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const ws = new WebSocket(url, WATCH_SUBPROTOCOL, {
    headers: { authorization: `Bearer ${gateway.token}` },
    perMessageDeflate: false,
    followRedirects: false,
    handshakeTimeout: CONNECT_MS,
  });
  ws.binaryType = 'nodebuffer';
  await new Promise<void>((resolve, reject) => {
    ws.once('open', resolve);
    ws.once('error', reject);
  });
  const emulator = createHeadlessEmulator({ cols: 80, rows: 24 });
  let facts: Watching | undefined;
  let screens = 0;
  let over = false;
  const finish = (ended: Ended | undefined): void => {
    if (over) return;
    over = true;
    events.over(ended);
    ws.close();
  };
  const credit = (bytes: number): void => ws.send(encodeNumberFrame(FRAME.CREDIT, NUMBER, bytes));

  ws.on('error', () => {});
  ws.on('close', () => finish(undefined));
  ws.on('message', (data: Buffer) => {
    const frame = decodeFrame(data);
    if (over || frame?.terminal !== NUMBER) return;
    const { type, payload } = frame;
    switch (type) {
      case WATCH_FRAME.WATCHING:
        facts = readWatching(payload) ?? facts;
        break;
      case WATCH_FRAME.SCREEN: {
        const screen = decodeScreen(payload);
        if (!screen) return;
        screens += 1;
        emulator.restore({ size: screen, scrollback: screen.scrollback, bytes: screen.bytes });
        credit(screen.bytes.length);
        break;
      }
      case WATCH_FRAME.SIZE: {
        const size = decodeSize(payload);
        if (size) emulator.resize(size);
        break;
      }
      case FRAME.OUTPUT:
        emulator.write(payload);
        credit(payload.length);
        break;
      case FRAME.NOTICE: {
        const notice = readNotice(payload);
        if (notice) events.notice(notice);
        break;
      }
      case FRAME.ENDED:
        finish(readEnded(payload));
        return;
      default:
        return;
    }
    events.changed();
  });
  ws.send(encodeJsonFrame(FRAME.OPEN, NUMBER, { ticket: gateway.ticket }));
  return {
    view: () => (screens === 0 ? undefined : emulator.view()),
    get facts() {
      return facts;
    },
    close() {
      over = true;
      if (ws.readyState === ws.OPEN) ws.send(encodeFrame(FRAME.CLOSE, NUMBER));
      ws.close();
    },
  };
}
