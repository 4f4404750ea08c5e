/**
 * The one WebSocket of the page, shared by all its terminals (a browser allows few connections to one server; a socket
 * for each tab froze the sixth). It opens when the first terminal wants it, closes when none does, beats every 20 s,
 * measures the round trip, and comes back with growing pauses after a loss. It knows nothing of sessions: each terminal
 * decides what to send when the socket is up again.
 */
import {
  decodeFrame,
  decodeNumber,
  encodeNumberFrame,
  FRAME,
  type Frame,
} from '@sallyport/core/wire/terminal-frames.js';
import type { PageClock } from './page-clock.js';

const HEARTBEAT_MS = 20_000;
/** A socket that does not answer a PING for this long is dead, whatever the browser thinks. */
const ANSWER_MS = 10_000;
/** After a hint of trouble (offline event, page shown again) we ask at once and wait less. */
const PROBE_ANSWER_MS = 3_000;
const CONNECT_MS = 10_000;
const RETRY_MS = [250, 500, 1_000, 2_000, 4_000, 5_000] as const;
/** A connection that lasted this long was a good one: the next pause starts small again. */
const GOOD_AFTER_MS = 10_000;

/** The part of WebSocket we use; the subprotocol and binaryType are set by who makes it. */
export interface WebSocketLike {
  readonly bufferedAmount: number;
  onopen: ((event: Event) => void) | null;
  onclose: ((event: CloseEvent) => void) | null;
  onmessage: ((event: MessageEvent) => void) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
}

export interface SocketPeer {
  /** The socket is open (again). */
  up(): void;
  down(): void;
  frame(frame: Frame): void;
}

export interface SocketPort {
  readonly isUp: boolean;
  /** A fresh terminal number: frames for the old one are dropped from here on. */
  renumber(): number;
  send(bytes: Uint8Array): boolean;
  leave(): void;
}

export interface TerminalSocket {
  /** `number`: what the frames for it carry; a fresh one when none is given. */
  join(peer: SocketPeer, number?: number): SocketPort;
  /** Something hints that the network changed: try or test now. */
  probe(): void;
  /** Round trip in ms; undefined when down or not yet measured. */
  readonly latencyMs: number | undefined;
  watchLatency(listener: () => void): () => void;
}

/** The gateway's close code when the sign-in is over. */
const SIGNED_OUT = 4401;

export function createTerminalSocket(deps: {
  readonly clock: PageClock;
  connect(): WebSocketLike;
  /** The gateway closed the line because the sign-in is over: trying again only tells of a network that is fine. */
  signedOut?(): void;
}): TerminalSocket {
  const { clock } = deps;
  const peers = new Map<SocketPeer, number>();
  const listeners = new Set<() => void>();
  let socket: WebSocketLike | undefined;
  let isUp = false;
  let upSince = 0;
  let failures = 0;
  let nextNumber = 0;
  let nonce = 0;
  let pinged: { readonly nonce: number; readonly at: number } | undefined;
  let latencyMs: number | undefined;
  let cancelRetry: (() => void) | undefined;
  let cancelBeat: (() => void) | undefined;
  let cancelAnswer: (() => void) | undefined;

  const setLatency = (value: number | undefined): void => {
    if (value === latencyMs) return;
    latencyMs = value;
    for (const listener of listeners) listener();
  };
  const quiet = (): void => {
    cancelBeat?.();
    cancelAnswer?.();
    cancelBeat = undefined;
    cancelAnswer = undefined;
    pinged = undefined;
  };

  function drop(): void {
    const old = socket;
    if (!old) return;
    socket = undefined;
    old.onopen = null;
    old.onclose = null;
    old.onmessage = null;
    old.close();
    const wasUp = isUp;
    isUp = false;
    quiet();
    setLatency(undefined);
    if (wasUp && clock.now() - upSince >= GOOD_AFTER_MS) failures = 0;
    else failures++;
    if (wasUp) for (const peer of [...peers.keys()]) peer.down();
    if (peers.size > 0) retryLater();
  }

  function retryLater(): void {
    cancelRetry?.();
    const pause = RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 5_000;
    cancelRetry = clock.after(pause, open);
  }

  function ping(answerMs: number): void {
    if (!isUp || !socket) return;
    nonce = (nonce + 1) >>> 0;
    pinged = { nonce, at: clock.now() };
    socket.send(encodeNumberFrame(FRAME.PING, 0, nonce) as Uint8Array<ArrayBuffer>);
    cancelAnswer?.();
    cancelAnswer = clock.after(answerMs, drop);
    cancelBeat?.();
    cancelBeat = clock.after(HEARTBEAT_MS, () => ping(ANSWER_MS));
  }

  function open(): void {
    cancelRetry?.();
    cancelRetry = undefined;
    if (socket || peers.size === 0) return;
    const made = deps.connect();
    socket = made;
    const cancelConnect = clock.after(CONNECT_MS, () => {
      if (socket === made && !isUp) drop();
    });
    made.onopen = () => {
      if (socket !== made) return;
      cancelConnect();
      isUp = true;
      upSince = clock.now();
      ping(ANSWER_MS);
      for (const peer of [...peers.keys()]) peer.up();
    };
    made.onclose = ({ code }) => {
      cancelConnect();
      if (code === SIGNED_OUT) deps.signedOut?.();
      if (socket === made) drop();
    };
    made.onmessage = (event) => {
      if (socket !== made || !(event.data instanceof ArrayBuffer)) return;
      const frame = decodeFrame(new Uint8Array(event.data));
      if (!frame) return;
      // Anything heard proves the line lives; only the PONG measures it.
      cancelAnswer?.();
      cancelAnswer = undefined;
      if (frame.type === FRAME.PONG) {
        if (pinged && decodeNumber(frame.payload) === pinged.nonce) setLatency(Math.max(0, clock.now() - pinged.at));
        return;
      }
      for (const [peer, number] of peers) {
        if (number !== frame.terminal) continue;
        peer.frame(frame);
        return;
      }
    };
  }

  const freshNumber = (): number => {
    const taken = new Set(peers.values());
    do nextNumber = (nextNumber % 0xffff) + 1;
    while (taken.has(nextNumber));
    return nextNumber;
  };

  return {
    join(peer, number = freshNumber()) {
      peers.set(peer, number);
      if (!socket && !cancelRetry) open();
      return {
        get isUp() {
          return isUp && peers.has(peer);
        },
        renumber() {
          const fresh = freshNumber();
          if (peers.has(peer)) peers.set(peer, fresh);
          return fresh;
        },
        send(bytes) {
          if (!isUp || !socket || !peers.has(peer)) return false;
          socket.send(bytes as Uint8Array<ArrayBuffer>);
          return true;
        },
        leave() {
          peers.delete(peer);
          if (peers.size > 0) return;
          cancelRetry?.();
          cancelRetry = undefined;
          drop();
          failures = 0;
        },
      };
    },
    probe() {
      if (peers.size === 0) return;
      if (isUp) return ping(PROBE_ANSWER_MS);
      if (socket) return;
      failures = 0;
      open();
    },
    get latencyMs() {
      return latencyMs;
    },
    watchLatency(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
