/**
 * One page's WebSocket: many terminals, told apart by number. Every frame is checked; a malformed one closes this socket
 * and nothing else (F13) - its sessions stay resumable. Terminal bytes are handed on as they came.
 */
import type { Result } from '@sallyport/core/model/problem.js';
import { clampSize } from '@sallyport/core/model/session.js';
import type { Principal } from '@sallyport/core/model/user.js';
import {
  decodeFrame,
  decodeJson,
  decodeNumber,
  decodeSize,
  encodeNumberFrame,
  FRAME,
  type Frame,
  MAX_TERMINALS_PER_SOCKET,
} from '@sallyport/core/wire/terminal-frames.js';
import type { WebSocket } from 'ws';
import type { Gateway } from '../../../gateway/gateway.js';
import { createWebClientEnd, type WebClientEnd } from './web-client-end.js';

/** Typing keeps a sign-in alive (X45); it is looked at no more often than this. */
const TOUCH_MS = 60_000;
/** Unsent bytes of one page from which history waits. */
export const PACE_BYTES = 1024 * 1024;
/** More than all windows of a page's terminals together: it gives credit and does not read. It is cut. */
export const MAX_UNSENT_BYTES = 32 * 1024 * 1024;
/** WebSocket close codes (RFC 6455 section 7.4; 4000-4999 are ours). */
export const CLOSE = { malformed: 1002, policy: 1008, signedOut: 4401, shutdown: 1012 } as const;

const FRAME_OPTIONS = { binary: true, compress: false } as const;

export interface TerminalSocket {
  close(code: number): void;
}
export interface SocketContext {
  readonly gateway: Gateway;
  readonly address: string;
  /** The sign-in as it stands now; also slides its 15 minutes (S59, X45). */
  principal(): Promise<Result<Principal>>;
  /** Monotonic milliseconds. */
  monotonic(): number;
  onFault(error: unknown): void;
}

export function serveTerminalSocket(ws: WebSocket, context: SocketContext): TerminalSocket {
  const terminals = new Map<number, WebClientEnd>();
  let touchedAt = context.monotonic();

  const send = (frame: Uint8Array): void => {
    if (ws.readyState !== ws.OPEN) return;
    ws.send(frame, FRAME_OPTIONS);
    if (ws.bufferedAmount > MAX_UNSENT_BYTES) ws.terminate();
  };
  const sendPaced = (frame: Uint8Array): Promise<void> | undefined => {
    if (ws.readyState !== ws.OPEN || ws.bufferedAmount <= PACE_BYTES) {
      send(frame);
      return undefined;
    }
    // Also called when the socket breaks: then there is nothing to wait for.
    return new Promise((left) => ws.send(frame, FRAME_OPTIONS, () => left()));
  };
  /** A page is read on unless one of its terminals is stalled: memory stays bounded, no byte is lost. */
  function throttle(): void {
    let stalled = false;
    for (const end of terminals.values()) stalled ||= end.stalled;
    if (stalled && !ws.isPaused) ws.pause();
    if (!stalled && ws.isPaused) ws.resume();
  }

  function touch(): void {
    if (context.monotonic() - touchedAt < TOUCH_MS) return;
    touchedAt = context.monotonic();
    void context.principal().then((current) => {
      if (!current.ok) ws.close(CLOSE.signedOut);
    }, fault);
  }

  async function open(frame: Frame): Promise<boolean> {
    const request = decodeJson(frame.payload);
    if (!request || typeof request.ticket !== 'string' || request.ticket.length > 128) return false;
    if (terminals.has(frame.terminal) || terminals.size >= MAX_TERMINALS_PER_SOCKET) return false;
    const from = request.from;
    if (from !== undefined && !(Number.isSafeInteger(from) && (from as number) >= 0)) return false;
    const end = createWebClientEnd(frame.terminal, context.address, {
      send,
      sendPaced,
      released: () => {
        if (terminals.get(frame.terminal) === end) terminals.delete(frame.terminal);
        throttle();
      },
      relieved: throttle,
    });
    terminals.set(frame.terminal, end);
    const principal = await context.principal();
    const opened = principal.ok
      ? await context.gateway.open(
          principal.value,
          request.ticket,
          end,
          clampSize(request.cols, request.rows),
          from as number | undefined,
        )
      : principal;
    if (!opened.ok) end.refuse({ reason: 'failed', code: opened.problem.code, params: opened.problem.params });
    return true;
  }

  /** False: the frame is not one a page may send. Frames for a terminal that is over are late, not wrong. */
  function receive(frame: Frame): boolean {
    const end = terminals.get(frame.terminal);
    switch (frame.type) {
      case FRAME.OPEN:
        void open(frame).then((good) => {
          if (!good) ws.close(CLOSE.malformed);
        }, fault);
        return true;
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
      case FRAME.CREDIT: {
        const bytes = decodeNumber(frame.payload);
        if (bytes !== undefined) end?.credit(bytes);
        return bytes !== undefined;
      }
      case FRAME.CLOSE:
        end?.closedByUser();
        return frame.payload.length === 0;
      case FRAME.PING: {
        const nonce = decodeNumber(frame.payload);
        // Small frames cost far more memory than they count: a page that does not read gets no answers.
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
    if (ws.readyState !== ws.OPEN) return; // told to go: what it still says counts no more
    try {
      const frame = isBinary ? decodeFrame(data) : undefined;
      if (!frame || !receive(frame)) ws.close(CLOSE.malformed);
    } catch (error) {
      fault(error);
    }
  });
  // Browsers never send these; the library answers each.
  ws.on('ping', () => {
    if (ws.bufferedAmount > PACE_BYTES) ws.terminate();
  });
  ws.on('error', () => {}); // ws closes the socket itself; `close` follows
  ws.on('close', () => {
    const ends = [...terminals.values()];
    terminals.clear();
    for (const end of ends) end.lost();
  });
  return { close: (code) => ws.close(code) };
}
