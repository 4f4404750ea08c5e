/**
 * One page's WebSocket for looking (S28): several watches, told apart by number, and the pictures of the live wall. It has
 * no way to a shell: what only an operator may send is refused, told and audited (S31, V48).
 */
import { decodeJson, encodeJsonFrame, FRAME, type Frame } from '@sallyport/core/wire/terminal-frames.js';
import { MAX_TILES, MAX_WATCHES_PER_SOCKET, WATCH_FRAME } from '@sallyport/core/wire/watch-frames.js';
import type { WebSocket } from 'ws';
import type { WallSeat } from '../../../gateway/gateway.js';
import { CLOSE, type FrameSocket, type SocketContext, serveFrames } from './frame-socket.js';
import { createWebWatcherEnd, type WebWatcherEnd } from './web-watcher-end.js';

/** All windows of its watches, a screen for each, and a piece. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;

export function serveWatchSocket(ws: WebSocket, context: SocketContext): void {
  let seat: Promise<WallSeat | undefined> | undefined;
  /** Sent to a number where nothing is watched, or not yet: written down once for each socket. */
  let refusedAstray = false;

  async function sit(): Promise<WallSeat | undefined> {
    const principal = await context.principal();
    if (!principal.ok) {
      socket.close(CLOSE.signedOut);
      return undefined;
    }
    return context.gateway.wall(principal.value, {
      tile: (tile) => socket.send(encodeJsonFrame(WATCH_FRAME.TILE, 0, tile)),
      get busy() {
        return socket.busy;
      },
    });
  }
  function tiles(frame: Frame): boolean {
    const ids: unknown = decodeJson(frame.payload)?.sessionIds;
    if (!Array.isArray(ids) || ids.length > MAX_TILES) return false;
    const wanted = ids.filter((id): id is string => typeof id === 'string' && id.length <= 64);
    if (wanted.length !== ids.length) return false;
    seat ??= sit();
    seat.then((one) => one?.want(socket.open ? wanted : []), socket.fault);
    return true;
  }
  function refuse(what: 'input' | 'resize', end: WebWatcherEnd | undefined): true {
    if (end?.refused(what) === true || refusedAstray) return true;
    refusedAstray = true;
    void context.principal().then((who) => {
      if (who.ok) context.gateway.watchRefused(who.value, what);
    }, socket.fault);
    return true;
  }

  function receive(frame: Frame, end: WebWatcherEnd | undefined): boolean {
    switch (frame.type) {
      case FRAME.INPUT:
        return refuse('input', end);
      case FRAME.RESIZE:
        return refuse('resize', end);
      case FRAME.CLOSE:
        end?.gone();
        socket.forget(frame.terminal);
        return frame.payload.length === 0;
      case WATCH_FRAME.TILES:
        return tiles(frame);
      default:
        return false;
    }
  }

  const socket: FrameSocket<WebWatcherEnd> = serveFrames(ws, context, {
    maxUnsentBytes: MAX_UNSENT_BYTES,
    maxEnds: MAX_WATCHES_PER_SOCKET,
    make: (number, _, released) =>
      createWebWatcherEnd(number, context.address, { send: socket.send, released, required: context.pingOften }),
    open: (principal, end, { ticket }) => context.gateway.watch(principal, ticket, end),
    receive,
    gone(ends) {
      for (const end of ends) end.gone();
      void seat?.then(
        (one) => one?.close(),
        () => {},
      );
    },
  });
}
