/**
 * One page's WebSocket for looking (S28): several watches, told apart by number, and the pictures of the live wall. It has
 * no way to a shell: what only an operator may send is refused, told and audited (S31, V48). A malformed frame closes this
 * socket and nothing else.
 */
import {
  decodeFrame,
  decodeJson,
  decodeNumber,
  encodeJsonFrame,
  encodeNumberFrame,
  FRAME,
  type Frame,
} from '@sallyport/core/wire/terminal-frames.js';
import { MAX_TILES, MAX_WATCHES_PER_SOCKET, WATCH_FRAME } from '@sallyport/core/wire/watch-frames.js';
import type { WebSocket } from 'ws';
import type { WallSeat } from '../../../gateway/gateway.js';
import { CLOSE, PACE_BYTES, type SocketContext } from './terminal-socket.js';
import { createWebWatcherEnd, type WebWatcherEnd } from './web-watcher-end.js';

/** All windows of its watches, a screen for each, and a piece. More is a page that gives credit and does not read. */
const MAX_UNSENT_BYTES = 16 * 1024 * 1024;
const FRAME_OPTIONS = { binary: true, compress: false } as const;

export function serveWatchSocket(ws: WebSocket, context: SocketContext): void {
  const watches = new Map<number, WebWatcherEnd>();
  let seat: Promise<WallSeat | undefined> | undefined;

  const send = (frame: Uint8Array): void => {
    if (ws.readyState !== ws.OPEN) return;
    ws.send(frame, FRAME_OPTIONS);
    if (ws.bufferedAmount > MAX_UNSENT_BYTES) ws.terminate();
  };

  async function open(frame: Frame): Promise<boolean> {
    const request = decodeJson(frame.payload);
    if (!request || typeof request.ticket !== 'string' || request.ticket.length > 128) return false;
    if (watches.has(frame.terminal) || watches.size >= MAX_WATCHES_PER_SOCKET) return false;
    const end = createWebWatcherEnd(frame.terminal, context.address, {
      send,
      released: () => {
        if (watches.get(frame.terminal) === end) watches.delete(frame.terminal);
      },
    });
    watches.set(frame.terminal, end);
    const principal = await context.principal();
    const letIn = principal.ok ? await context.gateway.watch(principal.value, request.ticket, end) : principal;
    if (!letIn.ok) end.refuse({ reason: 'failed', code: letIn.problem.code, params: letIn.problem.params });
    return true;
  }

  async function sit(): Promise<WallSeat | undefined> {
    const principal = await context.principal();
    if (!principal.ok) {
      ws.close(CLOSE.signedOut);
      return undefined;
    }
    return context.gateway.wall(principal.value, {
      tile: (tile) => send(encodeJsonFrame(WATCH_FRAME.TILE, 0, tile)),
      get busy() {
        return ws.bufferedAmount > PACE_BYTES;
      },
    });
  }
  function tiles(frame: Frame): boolean {
    const ids: unknown = decodeJson(frame.payload)?.sessionIds;
    if (!Array.isArray(ids) || ids.length > MAX_TILES) return false;
    const wanted = ids.filter((id): id is string => typeof id === 'string' && id.length <= 64);
    if (wanted.length !== ids.length) return false;
    seat ??= sit();
    seat.then((one) => one?.want(ws.readyState === ws.OPEN ? wanted : []), fault);
    return true;
  }

  /** False: the frame is not one a page may send. */
  function receive(frame: Frame): boolean {
    const end = watches.get(frame.terminal);
    switch (frame.type) {
      case FRAME.OPEN:
        void open(frame).then((good) => {
          if (!good) ws.close(CLOSE.malformed);
        }, fault);
        return true;
      case FRAME.INPUT:
        end?.refused('input');
        return true;
      case FRAME.RESIZE:
        end?.refused('resize');
        return true;
      case FRAME.CREDIT: {
        const bytes = decodeNumber(frame.payload);
        if (bytes !== undefined) end?.credit(bytes);
        return bytes !== undefined;
      }
      case FRAME.CLOSE:
        end?.gone();
        watches.delete(frame.terminal);
        return frame.payload.length === 0;
      case WATCH_FRAME.TILES:
        return tiles(frame);
      case FRAME.PING: {
        const nonce = decodeNumber(frame.payload);
        if (nonce !== undefined && ws.bufferedAmount <= PACE_BYTES) send(encodeNumberFrame(FRAME.PONG, 0, nonce));
        return nonce !== undefined;
      }
      default:
        return false;
    }
  }
  function fault(error: unknown): void {
    context.onFault(error);
    ws.close(1011);
  }

  ws.on('message', (data: Buffer, isBinary) => {
    if (ws.readyState !== ws.OPEN) return;
    try {
      const frame = isBinary ? decodeFrame(data) : undefined;
      if (!frame || !receive(frame)) ws.close(CLOSE.malformed);
    } catch (error) {
      fault(error);
    }
  });
  ws.on('ping', () => {
    if (ws.bufferedAmount > PACE_BYTES) ws.terminate();
  });
  ws.on('error', () => {}); // ws closes the socket itself; `close` follows
  ws.on('close', () => {
    const ends = [...watches.values()];
    watches.clear();
    for (const end of ends) end.gone();
    void seat?.then(
      (one) => one?.close(),
      () => {},
    );
  });
}
