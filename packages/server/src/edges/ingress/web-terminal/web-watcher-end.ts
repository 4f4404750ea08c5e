/** One watch of one page as the gateway's watcher end. What goes to many pages is made a frame once. */
import type { EndReason } from '@sallyport/core/model/session.js';
import {
  type Ended,
  encodeFrame,
  encodeJsonFrame,
  encodeSizeFrame,
  FRAME,
  type FrameType,
} from '@sallyport/core/wire/terminal-frames.js';
import { encodeScreen, WATCH_FRAME } from '@sallyport/core/wire/watch-frames.js';
import type { WatcherEnd, WatcherHandlers } from '../../../gateway/ports/watcher-end.js';
import { endedFrame } from './ended-frame.js';

export interface WebWatcherEnd extends WatcherEnd {
  /** From the socket. */
  credit(bytes: number): void;
  /** False: it has not been let in, and nobody heard of it. */
  refused(what: 'input' | 'resize'): boolean;
  gone(): void;
  /** The gateway let nobody in. */
  refuse(ended: Ended): void;
}
export interface WatchSocketSide {
  send(frame: Uint8Array): void;
  /** The number is free again. */
  released(): void;
  /** A session may go on only while this page is there. */
  required(): void;
}

/** All watchers of a session are given the same bytes, one after the other, mostly under the same number. */
let lastBytes: Uint8Array | undefined;
let lastNumber = -1;
let lastFrame = new Uint8Array();
function outputFrame(number: number, bytes: Uint8Array): Uint8Array {
  if (bytes !== lastBytes || number !== lastNumber) {
    lastBytes = bytes;
    lastNumber = number;
    lastFrame = encodeFrame(FRAME.OUTPUT, number, bytes) as Uint8Array<ArrayBuffer>;
  }
  return lastFrame;
}

export function createWebWatcherEnd(number: number, address: string, socket: WatchSocketSide): WebWatcherEnd {
  let handlers: WatcherHandlers | undefined;
  let over = false;

  const json = (type: FrameType, value: object): void => {
    if (!over) socket.send(encodeJsonFrame(type, number, value));
  };
  function finish(last: Ended): void {
    if (over) return;
    json(FRAME.ENDED, last);
    over = true;
    socket.released();
  }
  return {
    address,
    start(given) {
      handlers = given;
      if (over) given.onGone(); // the page went while the session was being found
    },
    watching(facts) {
      if (facts.watcherRequired) socket.required();
      json(WATCH_FRAME.WATCHING, facts);
    },
    screen(screen) {
      if (!over) socket.send(encodeFrame(WATCH_FRAME.SCREEN, number, encodeScreen(screen)));
    },
    size({ cols, rows }) {
      if (!over) socket.send(encodeSizeFrame(WATCH_FRAME.SIZE, number, cols, rows));
    },
    output(bytes) {
      if (!over) socket.send(outputFrame(number, bytes));
    },
    notice: (notice) => json(FRAME.NOTICE, notice),
    ended: (reason: EndReason) => finish(endedFrame(reason)),
    refuse: finish,
    credit: (bytes) => handlers?.onCredit(bytes),
    refused(what) {
      handlers?.onRefused(what);
      return handlers !== undefined;
    },
    gone() {
      if (over) return;
      over = true;
      handlers?.onGone();
    },
  };
}
