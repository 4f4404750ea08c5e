/**
 * Puts the WebSockets on an HTTP server: `GET /api/v1/terminal` and `/api/v1/watch`, upgraded. Origin and cookie are checked before the
 * 101 (W6, V30); every socket is pinged, and one that does not answer is cut (F9, F20); sign-ins that are revoked or
 * ended lose their sockets at once.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { ok, PROBLEMS, type Problem, type Result } from '@sallyport/core/model/problem.js';
import { HEADER_BYTES, MAX_CLIENT_FRAME_BYTES, TERMINAL_SUBPROTOCOL } from '@sallyport/core/wire/terminal-frames.js';
import { WATCH_PATH, WATCH_SUBPROTOCOL } from '@sallyport/core/wire/watch-frames.js';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Gateway } from '../../../gateway/gateway.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import type { CurrentSignIn, SignIns } from '../../../gateway/ports/identity.js';
import { CLOSE, type SocketContext } from './frame-socket.js';
import { serveTerminalSocket } from './terminal-socket.js';
import { serveWatchSocket } from './watch-socket.js';

export const TERMINAL_PATH = '/api/v1/terminal';
interface Door {
  readonly subprotocol: string;
  /** The command line comes by it too. */
  readonly tokens: boolean;
  /** Nobody types there: it ends with the sign-in. */
  readonly watches: boolean;
  serve(ws: WebSocket, context: SocketContext): unknown;
}
/** What comes by the one can do nothing of the other (S28). */
const DOORS = new Map<string, Door>([
  [TERMINAL_PATH, { subprotocol: TERMINAL_SUBPROTOCOL, tokens: false, watches: false, serve: serveTerminalSocket }],
  [WATCH_PATH, { subprotocol: WATCH_SUBPROTOCOL, tokens: true, watches: true, serve: serveWatchSocket }],
]);
const PING_MS = 20_000;
/** Where a session goes on only while this page is there: it is found gone within twice this (V26). */
const PING_OFTEN_MS = 2_000;
/** For the answer to a close. */
const FAREWELL_MS = 2_000;
/** Pages of one user at once, by each door. */
const MAX_SOCKETS_PER_USER = 16;

export interface WebTerminal {
  readonly sockets: number;
  close(): void;
}

export function attachWebTerminal(deps: {
  readonly server: Server | TlsServer;
  authenticateUpgrade(
    request: IncomingMessage,
    door?: { readonly tokens?: boolean; readonly how?: 'slide' | 'look' },
  ): Promise<Result<CurrentSignIn>>;
  readonly gateway: Gateway;
  readonly signIns: Pick<SignIns, 'onRevoked' | 'onSignedOut'>;
  readonly clock: Clock;
  readonly log: { error(fields: object, message: string): void };
}): WebTerminal {
  const wss = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false, // seven times the CPU, and a bomb to defuse (V45)
    maxPayload: HEADER_BYTES + MAX_CLIENT_FRAME_BYTES,
    clientTracking: false,
    handleProtocols: (offered, request) => {
      const wanted = doorOf(request)?.subprotocol ?? '';
      return offered.has(wanted) ? wanted : false;
    },
  });
  /** Sockets with the credential of each, and the door it came by. */
  const byUser = new Map<string, Map<WebSocket, { readonly credential: string; readonly door: Door | undefined }>>();

  function serve(ws: WebSocket, request: IncomingMessage, { principal }: CurrentSignIn): void {
    const own = byUser.get(principal.userId) ?? new Map<WebSocket, { credential: string; door: Door | undefined }>();
    byUser.set(principal.userId, own.set(ws, { credential: principal.credentialId, door: doorOf(request) }));
    let answered = true;
    let pingMs = PING_MS;
    let cancelPing: () => void = () => {};
    const ping = (): void => {
      // A page held back because a target stalls is read no further: its silence is ours.
      if (!answered && !ws.isPaused) {
        ws.terminate();
        return;
      }
      answered = false;
      ws.ping();
      void closeIfOver(ws, request);
      cancelPing = deps.clock.after(pingMs, ping);
    };
    cancelPing = deps.clock.after(pingMs, ping);
    ws.on('pong', () => {
      answered = true;
    });
    ws.on('message', () => {
      answered = true;
    });
    ws.on('close', () => {
      cancelPing();
      own.delete(ws);
      if (own.size === 0) byUser.delete(principal.userId);
    });
    doorOf(request)?.serve(ws, {
      gateway: deps.gateway,
      address: principal.address,
      async principal() {
        const current = await deps.authenticateUpgrade(request, doorOf(request));
        return current.ok ? ok(current.value.principal) : current;
      },
      monotonic: () => deps.clock.monotonic(),
      pingOften() {
        if (pingMs === PING_OFTEN_MS) return;
        pingMs = PING_OFTEN_MS;
        cancelPing();
        answered = true; // the long pause before this was nobody's silence
        ping();
      },
      onFault: (error) => deps.log.error({ err: error }, 'a terminal socket failed'),
    });
  }

  /** A revoked token and a sign-in that ran out are seen here: nobody announces them. Who types slides it (S59). */
  async function closeIfOver(ws: WebSocket, request: IncomingMessage): Promise<void> {
    const door = doorOf(request);
    if (door?.watches !== true) return; // a shell has its own limits, and its typing is what slides the sign-in
    const current = await deps
      .authenticateUpgrade(request, { tokens: door.tokens, how: 'look' })
      .catch(() => undefined);
    if (current?.ok !== true) close(ws, CLOSE.signedOut);
  }

  deps.server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    void (async () => {
      const door = doorOf(request);
      if (door === undefined) return refuse(socket, 404);
      const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
      if (!offered?.includes(door.subprotocol)) return refuse(socket, 400);
      const current = await deps.authenticateUpgrade(request, door);
      if (!current.ok) return refuse(socket, statusOf(current.problem));
      const own = [...(byUser.get(current.value.principal.userId)?.values() ?? [])];
      if (own.filter((one) => one.door === door).length >= MAX_SOCKETS_PER_USER) return refuse(socket, 429);
      wss.handleUpgrade(request, socket, head, (ws) => serve(ws, request, current.value));
    })().catch((error: unknown) => {
      deps.log.error({ err: error }, 'a terminal upgrade failed');
      socket.destroy();
    });
  });

  /** A page that does not answer is not waited for: till then its sessions would seem attended and watched. */
  const close = (ws: WebSocket, code: number): void => {
    ws.close(code);
    const cancel = deps.clock.after(FAREWELL_MS, () => ws.terminate());
    ws.on('close', cancel);
  };
  const closeUser = (userId: string): void => {
    for (const ws of byUser.get(userId)?.keys() ?? []) close(ws, CLOSE.signedOut);
  };
  const closeSignIn = (credentialId: string): void => {
    for (const own of byUser.values()) {
      for (const [ws, { credential }] of own) if (credential === credentialId) close(ws, CLOSE.signedOut);
    }
  };
  const unsubscribe = [deps.signIns.onRevoked(closeUser), deps.signIns.onSignedOut(closeSignIn)];
  return {
    get sockets() {
      let n = 0;
      for (const own of byUser.values()) n += own.size;
      return n;
    },
    close() {
      for (const stop of unsubscribe) stop();
      for (const own of byUser.values()) for (const ws of own.keys()) close(ws, CLOSE.shutdown);
    },
  };
}

const doorOf = (request: IncomingMessage) => DOORS.get(request.url?.split('?')[0] ?? '');
const statusOf = (problem: Problem): number => PROBLEMS[problem.code].status;

function refuse(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}
