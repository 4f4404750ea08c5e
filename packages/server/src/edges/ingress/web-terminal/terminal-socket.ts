/** One page's WebSocket for its terminals: many, told apart by number. Terminal bytes are handed on as they came. */
import { clampSize } from '@sallyport/core/model/session.js';
import { decodeSize, FRAME, type Frame, MAX_TERMINALS_PER_SOCKET } from '@sallyport/core/wire/terminal-frames.js';
import type { WebSocket } from 'ws';
import { type Asked, CLOSE, type FrameSocket, type SocketContext, serveFrames } from './frame-socket.js';
import { createWebClientEnd, type WebClientEnd } from './web-client-end.js';

/** Typing keeps a sign-in alive (X45); it is looked at no more often than this. */
const TOUCH_MS = 60_000;
export const MAX_UNSENT_BYTES = 32 * 1024 * 1024;

export function serveTerminalSocket(ws: WebSocket, context: SocketContext): void {
  let touchedAt = context.monotonic();

  /** A page is read on unless one of its terminals is stalled: memory stays bounded, no byte is lost. */
  function throttle(): void {
    let stalled = false;
    for (const end of socket.ends.values()) stalled ||= end.stalled;
    if (stalled && !ws.isPaused) ws.pause();
    if (!stalled && ws.isPaused) ws.resume();
  }
  function touch(): void {
    if (context.monotonic() - touchedAt < TOUCH_MS) return;
    touchedAt = context.monotonic();
    void context.principal().then((current) => {
      if (!current.ok) socket.close(CLOSE.signedOut);
    }, socket.fault);
  }

  function receive(frame: Frame, end: WebClientEnd | undefined): boolean {
    switch (frame.type) {
      case FRAME.INPUT:
        end?.input(frame.payload);
        touch();
        throttle();
        return true;
      case FRAME.RESIZE: {
        const size = decodeSize(frame.payload);
        if (size) end?.resized(clampSize(size.cols, size.rows));
        return size !== undefined;
      }
      case FRAME.CLOSE:
        end?.closedByUser();
        return frame.payload.length === 0;
      default:
        return false;
    }
  }

  const socket: FrameSocket<WebClientEnd> = serveFrames(ws, context, {
    maxUnsentBytes: MAX_UNSENT_BYTES,
    maxEnds: MAX_TERMINALS_PER_SOCKET,
    make(number, asked, released) {
      if (!isFrom(asked.from)) return undefined;
      return createWebClientEnd(number, context.address, {
        send: socket.send,
        sendPaced: socket.sendPaced,
        released() {
          released();
          throttle();
        },
        relieved: throttle,
      });
    },
    open: (principal, end, { ticket, cols, rows, from }) =>
      context.gateway.open(principal, ticket, end, clampSize(cols, rows), isFrom(from) ? from : undefined),
    receive,
    gone(ends) {
      for (const end of ends) end.lost();
    },
  });
}

const isFrom = (from: Asked[string]): from is number | undefined =>
  from === undefined || (Number.isSafeInteger(from) && (from as number) >= 0);
