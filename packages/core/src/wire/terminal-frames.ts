/**
 * The binary frames of the web terminal's WebSocket (docs/formats/terminal-frames.md). One socket per page carries many
 * terminals. Every frame: type (1 byte), terminal number (2 bytes, big endian, chosen by the page), payload. Terminal
 * bytes are never decoded on the way: output and input are raw. Control payloads are UTF-8 JSON, checked by the reader.
 *
 * Flow control is credit: the server may have at most WINDOW_BYTES of OUTPUT that the page has not answered with CREDIT
 * (sent when the page's emulator has parsed the bytes, not when they arrived). HISTORY does count too.
 * Supersedes S21-S24 (JSON text frames): same messages, bytes kept whole.
 */
import type { WATCH_FRAME } from './watch-frames.js';

export const FRAME = {
  // page -> server
  OPEN: 0x01, // JSON OpenRequest
  INPUT: 0x02, // raw bytes
  RESIZE: 0x03, // cols u16, rows u16
  CREDIT: 0x04, // u32: bytes of OUTPUT and HISTORY parsed since the last CREDIT
  CLOSE: 0x05, // empty: the user closed this terminal, end the session
  PING: 0x06, // u32 nonce; terminal number is ignored
  // server -> page
  STEP: 0x81, // JSON OpenStep
  OPENED: 0x82, // JSON Opened
  OUTPUT: 0x83, // raw bytes
  HISTORY: 0x84, // raw bytes already seen by the session: the page must not answer terminal queries in them
  HISTORY_SIZE: 0x85, // cols u16, rows u16: the size in force for the history bytes that follow
  HISTORY_END: 0x86, // JSON HistoryEnd: live output follows
  ENDED: 0x87, // JSON Ended
  NOTICE: 0x88, // JSON Notice
  PONG: 0x89, // u32 nonce
} as const;
export type FrameType = (typeof FRAME)[keyof typeof FRAME] | (typeof WATCH_FRAME)[keyof typeof WATCH_FRAME];

export const HEADER_BYTES = 3;
/** Unanswered output allowed per terminal. 512 KiB keeps a fast page busy over 50 ms of round trip at 10 MB/s. */
export const WINDOW_BYTES = 512 * 1024;
/** Largest frame a page may send: a paste of 1 MiB is split by the page into frames of this size. */
export const MAX_CLIENT_FRAME_BYTES = 64 * 1024;
/** Largest OUTPUT frame the server sends. */
export const MAX_OUTPUT_FRAME_BYTES = 64 * 1024;
export const MAX_TERMINALS_PER_SOCKET = 32;
/** WebSocket subprotocol; also the version of these frames. */
export const TERMINAL_SUBPROTOCOL = 'sallyport.terminal.v1';
/** The page's parsed bytes are credited at least each time this many have gathered. */
export const CREDIT_EVERY_BYTES = 32 * 1024;

export interface OpenRequest {
  /** One-use ticket from POST /api/v1/tickets (new session) or /api/v1/sessions/{id}/tickets (resume). */
  readonly ticket: string;
  readonly cols: number;
  readonly rows: number;
  /** Resume only: how many output bytes the page's emulator holds already; absent means none (the page was reloaded). */
  readonly from?: number;
}
export type StepName = 'policy' | 'network' | 'host-key' | 'sign-in' | 'shell';
export interface OpenStep {
  readonly step: StepName;
  readonly state: 'now' | 'ok' | 'failed';
  /** Milliseconds this step took; absent while it runs. */
  readonly ms?: number;
  readonly detail?: string;
}
export interface Opened {
  readonly sessionId: string;
  readonly hostName: string;
  readonly login: string;
  readonly resumed: boolean;
  readonly recorded: boolean;
  /** Output bytes before the first frame that follows: 0 for a new session. */
  readonly offset: number;
}
export interface HistoryEnd {
  readonly offset: number;
  /** True when older output was left out: the screen may differ until the program repaints. */
  readonly partial: boolean;
}
export interface Ended {
  /** `failed` carries the problem in `code` and `params`. */
  readonly reason: string;
  readonly code?: string;
  readonly params?: Readonly<Record<string, string>>;
  readonly exitCode?: number;
  readonly signal?: string;
  /** True when the page may try to resume (its socket is closing, the session lives). */
  readonly resumable?: boolean;
}
/** What is told beside the terminal's bytes, never among them. The last three reach watchers alone. */
export type Notice =
  | { readonly kind: 'idle-warning' | 'time-warning'; readonly seconds: number }
  | { readonly kind: 'unrecorded' | 'shutdown' }
  /** Who watches now, where the rule says that the operator is told; nobody: an empty list. */
  | { readonly kind: 'watched'; readonly names: readonly string[] }
  /** Input is held: what is typed from here on is dropped and counted. `at`: UTC ms. */
  | { readonly kind: 'frozen'; readonly by: string; readonly reason: string; readonly at: number }
  | { readonly kind: 'unfrozen'; readonly by: string; readonly droppedBytes: number }
  /** The host requires a watcher and there is none: typed bytes are dropped, and at `endsAt`, UTC ms, the session ends. */
  | { readonly kind: 'unwatched'; readonly endsAt?: number }
  | { readonly kind: 'attended'; readonly droppedBytes: number }
  | { readonly kind: 'message'; readonly by: string; readonly text: string; readonly at: number }
  /** The watcher could not keep up: a new SCREEN stands for the bytes it was not sent. */
  | { readonly kind: 'resynchronised'; readonly skippedBytes: number }
  /** A watcher sent input: it was dropped. */
  | { readonly kind: 'read-only' }
  /** The screen is not known yet: the output stands in a string without end, or a worker is being replaced. */
  | { readonly kind: 'screen-unknown' };

export interface Frame {
  readonly type: number;
  readonly terminal: number;
  readonly payload: Uint8Array;
}

const utf8 = new TextEncoder();
const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

export function encodeFrame(type: FrameType, terminal: number, payload?: Uint8Array): Uint8Array {
  const frame = new Uint8Array(HEADER_BYTES + (payload?.length ?? 0));
  frame[0] = type;
  frame[1] = terminal >>> 8;
  frame[2] = terminal & 0xff;
  if (payload) frame.set(payload, HEADER_BYTES);
  return frame;
}

export const encodeJsonFrame = (type: FrameType, terminal: number, value: object): Uint8Array =>
  encodeFrame(type, terminal, utf8.encode(JSON.stringify(value)));

export function encodeNumberFrame(type: FrameType, terminal: number, value: number): Uint8Array {
  const payload = new Uint8Array(4);
  new DataView(payload.buffer).setUint32(0, value);
  return encodeFrame(type, terminal, payload);
}

export function encodeSizeFrame(type: FrameType, terminal: number, cols: number, rows: number): Uint8Array {
  const payload = new Uint8Array(4);
  const view = new DataView(payload.buffer);
  view.setUint16(0, cols);
  view.setUint16(2, rows);
  return encodeFrame(type, terminal, payload);
}

/** Splits a frame; undefined when it is too short to be one. The payload is a view, not a copy. */
export function decodeFrame(bytes: Uint8Array): Frame | undefined {
  if (bytes.length < HEADER_BYTES) return undefined;
  return { type: bytes[0]!, terminal: (bytes[1]! << 8) | bytes[2]!, payload: bytes.subarray(HEADER_BYTES) };
}

/** JSON payload as a plain object, or undefined when it is not one. Keys that could reach a prototype are refused (V44). */
export function decodeJson(payload: Uint8Array): Record<string, unknown> | undefined {
  try {
    let hostile = false;
    const value: unknown = JSON.parse(strictUtf8.decode(payload), (key, inner: unknown) => {
      if (key === '__proto__' || key === 'constructor' || key === 'prototype') hostile = true;
      return inner;
    });
    if (hostile || value === null || typeof value !== 'object' || Array.isArray(value)) return undefined;
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

export function decodeNumber(payload: Uint8Array): number | undefined {
  if (payload.length !== 4) return undefined;
  return new DataView(payload.buffer, payload.byteOffset, 4).getUint32(0);
}

export function decodeSize(payload: Uint8Array): { cols: number; rows: number } | undefined {
  if (payload.length !== 4) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, 4);
  return { cols: view.getUint16(0), rows: view.getUint16(2) };
}
