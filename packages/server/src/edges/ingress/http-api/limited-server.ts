/**
 * The HTTP server with its limits against slow and many peers (V10, V11, V29, F12). When one address holds too many
 * connections, the one that has been silent longest gives way: a person behind the same address still gets in.
 */
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

export interface TlsFiles {
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}
export interface LimitedServer {
  readonly server: Server | TlsServer;
  readonly connections: number;
  /** This request may take so long from now on. */
  allowTime(request: IncomingMessage, ms: number): void;
  destroyAll(): void;
}

export const MAX_HEADER_BYTES = 16 * 1024;
export const MAX_HEADERS = 128;
const HEADERS_TIMEOUT_MS = 10_000;
/** The whole request, body included, unless its route allows more. */
export const REQUEST_TIMEOUT_MS = 30_000;
/** Node's own limit is one for all requests: it stands behind ours. */
const LONGEST_REQUEST_MS = 60 * 60_000;
const KEEP_ALIVE_MS = 30_000;
/** Nothing moves on a connection that serves an answer: the reader is gone. */
const SILENT_TIMEOUT_MS = 120_000;
const CHECK_EVERY_MS = 5_000;
const TLS_HANDSHAKE_MS = 10_000;
const MAX_CONNECTIONS_PER_ADDRESS = 512;
const MAX_CONNECTIONS = 8_192;

/** Connections of one address by port: those that have not sent a whole request yet, and the others. */
interface Connections {
  readonly silent: Map<number, Socket>;
  readonly served: Map<number, Socket>;
}

export function createLimitedServer(
  handler: RequestListener,
  tls: TlsFiles | undefined,
  /** A proxy stands for many people. */
  isProxy: (address: string) => boolean,
): LimitedServer {
  const options: ServerOptions = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: LONGEST_REQUEST_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECK_EVERY_MS,
    requireHostHeader: true,
  };
  const server = tls
    ? createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: TLS_HANDSHAKE_MS }, handler)
    : createServer(options, handler);
  server.setTimeout(SILENT_TIMEOUT_MS);
  server.maxConnections = MAX_CONNECTIONS;

  const byAddress = new Map<string, Connections>();
  const all = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    all.add(socket);
    const address = socket.remoteAddress ?? '';
    const port = socket.remotePort ?? 0;
    const own = byAddress.get(address) ?? { silent: new Map(), served: new Map() };
    byAddress.set(address, own);
    own.silent.set(port, socket);
    socket.once('close', () => {
      all.delete(socket);
      for (const kind of [own.silent, own.served]) if (kind.get(port) === socket) kind.delete(port);
      if (own.silent.size + own.served.size === 0) byAddress.delete(address);
    });
    if (own.silent.size + own.served.size <= MAX_CONNECTIONS_PER_ADDRESS || isProxy(address)) return;
    // More than the new one is silent: the oldest of those. Else the one served longest ago.
    const crowd = own.silent.size > 1 ? own.silent : own.served;
    crowd.values().next().value?.destroy();
  });
  const take = (address: string | undefined, port: number | undefined): [Connections, Socket] | undefined => {
    const own = byAddress.get(address ?? '');
    const socket = own?.silent.get(port ?? 0) ?? own?.served.get(port ?? 0);
    if (!own || !socket) return undefined;
    own.silent.delete(port ?? 0);
    own.served.delete(port ?? 0);
    return [own, socket];
  };
  const timers = new WeakMap<IncomingMessage, NodeJS.Timeout>();
  const allowTime = (request: IncomingMessage, ms: number): void => {
    clearTimeout(timers.get(request));
    if (request.complete) return;
    const timer = setTimeout(() => {
      const late: NodeJS.ErrnoException = new Error('the request took too long');
      late.code = 'ERR_HTTP_REQUEST_TIMEOUT';
      if (!request.complete) server.emit('clientError', late, request.socket);
    }, ms);
    timers.set(request, timer);
    const clear = (): void => clearTimeout(timer);
    request.once('end', clear).once('close', clear);
  };
  // First of all listeners: a route may then allow more.
  server.prependListener('request', (request) => {
    allowTime(request, REQUEST_TIMEOUT_MS);
    const { socket } = request;
    const [own, taken] = take(socket.remoteAddress, socket.remotePort) ?? [];
    if (taken) own?.served.set(socket.remotePort ?? 0, taken);
  });
  // A terminal never gives way; its own limits stand elsewhere.
  server.on('upgrade', ({ socket }) => void take(socket.remoteAddress, socket.remotePort));

  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const status =
      error.code === 'HPE_HEADER_OVERFLOW'
        ? '431 Request Header Fields Too Large'
        : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
          ? '408 Request Timeout'
          : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
  });

  return {
    server,
    allowTime,
    get connections() {
      return all.size;
    },
    destroyAll() {
      for (const socket of all) socket.destroy();
    },
  };
}
