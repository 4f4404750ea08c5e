/**
 * One page's WebSocket in frames: ends told apart by number, each opened with a ticket. Every frame is checked; a malformed
 * one closes this socket and nothing else (F13). What may be done at an end is the door's own: terminal-socket.ts and
 * watch-socket.ts.
 */
import type { Problem, Result } from '@sallyport/core/model/problem.js';
import type { Principal } from '@sallyport/core/model/user.js';
import {
  decodeFrame,
  decodeJson,
  decodeNumber,
  type Ended,
  encodeNumberFrame,
  FRAME,
  type Frame,
} from '@sallyport/core/wire/terminal-frames.js';
import type { WebSocket } from 'ws';
import type { Gateway } from '../../../gateway/gateway.js';

/** Unsent bytes of one page from which what can wait waits. */
export const PACE_BYTES = 1024 * 1024;
/** WebSocket close codes (RFC 6455 section 7.4; 4000-4999 are ours). */
export const CLOSE = { malformed: 1002, policy: 1008, signedOut: 4401, shutdown: 1012 } as const;
const MAX_TICKET_LENGTH = 128;
const FRAME_OPTIONS = { binary: true, compress: false } as const;

export interface SocketContext {
  readonly gateway: Gateway;
  readonly address: string;
  /** The sign-in as it stands now; also slides its 15 minutes (S59, X45). */
  principal(): Promise<Result<Principal>>;
  /** Monotonic milliseconds. */
  monotonic(): number;
  onFault(error: unknown): void;
  /** From here on a page that is gone without a word is found within seconds. */
  pingOften(): void;
}
/** What stands at one number of a page. */
export interface NumberedEnd {
  credit(bytes: number): void;
  /** The gateway let nobody in. */
  refuse(ended: Ended): void;
}
/** The JSON of an OPEN frame; its ticket is checked. */
export type Asked = Readonly<Record<string, unknown>> & { readonly ticket: string };

export interface FrameDoor<End extends NumberedEnd> {
  /** More than all windows of a page together: it gives credit and does not read. It is cut. */
  readonly maxUnsentBytes: number;
  readonly maxEnds: number;
  /** `released`: the number is free again. undefined: such an OPEN no page sends. */
  make(number: number, asked: Asked, released: () => void): End | undefined;
  open(principal: Principal, end: End, asked: Asked): Promise<Result<unknown>>;
  /** The other frames. False: not one a page may send. Frames for an end that is over are late, not wrong. */
  receive(frame: Frame, end: End | undefined): boolean;
  /** The socket is gone, and these were open. */
  gone(ends: readonly End[]): void;
}
export interface FrameSocket<End> {
  readonly ends: ReadonlyMap<number, End>;
  readonly open: boolean;
  /** More waits to be sent than PACE_BYTES. */
  readonly busy: boolean;
  send(frame: Uint8Array): void;
  /** As `send`; a promise, when too much waits to be sent already, that resolves when this frame has left. */
  sendPaced(frame: Uint8Array): Promise<void> | undefined;
  forget(number: number): void;
  close(code: number): void;
  fault(error: unknown): void;
}

export function serveFrames<End extends NumberedEnd>(
  ws: WebSocket,
  context: SocketContext,
  door: FrameDoor<End>,
): FrameSocket<End> {
  const ends = new Map<number, End>();
  const socket: FrameSocket<End> = {
    ends,
    get open() {
      return ws.readyState === ws.OPEN;
    },
    get busy() {
      return ws.bufferedAmount > PACE_BYTES;
    },
    send(frame) {
      if (!socket.open) return;
      ws.send(frame, FRAME_OPTIONS);
      if (ws.bufferedAmount > door.maxUnsentBytes) ws.terminate();
    },
    sendPaced(frame) {
      if (!socket.open || !socket.busy) {
        socket.send(frame);
        return undefined;
      }
      // Also called when the socket breaks: then there is nothing to wait for.
      return new Promise((left) => ws.send(frame, FRAME_OPTIONS, () => left()));
    },
    forget: (number) => void ends.delete(number),
    close: (code) => ws.close(code),
    fault(error) {
      context.onFault(error);
      ws.close(1011);
    },
  };

  async function open({ terminal: number, payload }: Frame): Promise<boolean> {
    const asked = decodeJson(payload);
    if (!isAsked(asked) || ends.has(number) || ends.size >= door.maxEnds) return false;
    const end = door.make(number, asked, () => {
      if (ends.get(number) === end) ends.delete(number);
    });
    if (end === undefined) return false;
    ends.set(number, end);
    const principal = await context.principal();
    if (!socket.open) return true; // told to go meanwhile, or gone
    const opened = principal.ok ? await door.open(principal.value, end, asked) : principal;
    if (!opened.ok) end.refuse(refusal(opened.problem));
    return true;
  }
  function receive(frame: Frame): boolean {
    switch (frame.type) {
      case FRAME.OPEN:
        void open(frame).then((good) => {
          if (!good) ws.close(CLOSE.malformed);
        }, socket.fault);
        return true;
      case FRAME.CREDIT: {
        const bytes = decodeNumber(frame.payload);
        if (bytes !== undefined) ends.get(frame.terminal)?.credit(bytes);
        return bytes !== undefined;
      }
      case FRAME.PING: {
        const nonce = decodeNumber(frame.payload);
        // Small frames cost far more memory than they count: a page that does not read gets no answers.
        if (nonce !== undefined && !socket.busy) socket.send(encodeNumberFrame(FRAME.PONG, 0, nonce));
        return nonce !== undefined;
      }
      default:
        return door.receive(frame, ends.get(frame.terminal));
    }
  }

  ws.on('message', (data: Buffer, isBinary) => {
    if (!socket.open) return; // told to go: what it still says counts no more
    try {
      const frame = isBinary ? decodeFrame(data) : undefined;
      if (!frame || !receive(frame)) ws.close(CLOSE.malformed);
    } catch (error) {
      socket.fault(error);
    }
  });
  // Browsers never send these; the library answers each.
  ws.on('ping', () => {
    if (socket.busy) ws.terminate();
  });
  ws.on('error', () => {}); // ws closes the socket itself; `close` follows
  ws.on('close', () => {
    const open = [...ends.values()];
    ends.clear();
    door.gone(open);
  });
  return socket;
}

const isAsked = (asked: Record<string, unknown> | undefined): asked is Asked =>
  typeof asked?.ticket === 'string' && asked.ticket.length <= MAX_TICKET_LENGTH;
const refusal = ({ code, params }: Problem): Ended => ({ reason: 'failed', code, params });
