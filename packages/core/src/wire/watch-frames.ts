/**
 * The binary frames of the watch WebSocket (docs/formats/watch-frames.md). Its header and the frames it shares with the
 * terminal socket (OUTPUT, NOTICE, ENDED, CREDIT, CLOSE, PING, PONG) are those of terminal-frames.ts (S24); it has an
 * endpoint of its own (S28). A watcher only looks: INPUT and RESIZE from it are refused and audited (S31, V48).
 *
 * SCREEN comes first: a reset, then the whole screen as it was after `offset` output bytes. What follows continues it
 * without a gap or a repeat. Another SCREEN may come at any time, when the page could not keep up; it replaces all.
 * One socket carries many watches, told apart by number, and the pictures of the live wall.
 */
import type { Thumbnail } from '../terminal/thumbnail.js';

export const WATCH_FRAME = {
  // page -> server, beside OPEN (JSON WatchRequest), CREDIT, CLOSE and PING
  TILES: 0x10, // JSON TilesRequest; terminal number is ignored. Replaces what was wanted before.
  // server -> page, beside OUTPUT, NOTICE, ENDED and PONG
  WATCHING: 0x90, // JSON Watching: at the start and whenever one of its facts changes
  SCREEN: 0x91, // scrollback u32, cols u16, rows u16, offset f64, then the bytes that restore the screen
  SIZE: 0x92, // cols u16, rows u16: in force for the output that follows
  TILE: 0x93, // JSON Tile
} as const;

export const WATCH_PATH = '/api/v1/watch';
export const WATCH_SUBPROTOCOL = 'sallyport.watch.v1';
export const MAX_WATCHES_PER_SOCKET = 8;
/** Painted at once on one page; more are listed. */
export const MAX_TILES = 24;

export interface WatchRequest {
  /** One-use ticket from POST /api/v1/sessions/{id}/watch-tickets. */
  readonly ticket: string;
}
export interface TilesRequest {
  readonly sessionIds: readonly string[];
}
export interface Freeze {
  /** Who holds the operator's input. */
  readonly by: string;
  readonly reason: string;
  /** UTC ms. */
  readonly at: number;
}
export interface Watching {
  readonly sessionId: string;
  readonly userName: string;
  readonly hostName: string;
  readonly login: string;
  readonly sourceAddress: string;
  /** UTC ms. */
  readonly liveAt: number;
  /** Whether the operator is told who watches. */
  readonly notice: 'always' | 'never';
  /** Names of all who watch, the asker among them. */
  readonly watchers: readonly string[];
  /** Its shell is not there yet. */
  readonly opening?: true;
  readonly recorded: boolean;
  /** Set while the operator's input is held. */
  readonly frozen?: Freeze;
  /** Its host requires a watcher; while that is missing the operator's input is held. */
  readonly watcherRequired?: 'there' | 'missing';
}
/** A picture of a running session. */
export interface Tile {
  readonly sessionId: string;
  /** Output bytes it shows. */
  readonly offset: number;
  readonly picture: Thumbnail;
}

export interface ScreenFrame {
  readonly scrollback: number;
  readonly cols: number;
  readonly rows: number;
  readonly offset: number;
  readonly bytes: Uint8Array;
}
const SCREEN_HEAD_BYTES = 16;

export function encodeScreen({ scrollback, cols, rows, offset, bytes }: ScreenFrame): Uint8Array {
  const payload = new Uint8Array(SCREEN_HEAD_BYTES + bytes.length);
  const view = new DataView(payload.buffer);
  view.setUint32(0, scrollback);
  view.setUint16(4, cols);
  view.setUint16(6, rows);
  view.setFloat64(8, offset);
  payload.set(bytes, SCREEN_HEAD_BYTES);
  return payload;
}

export function decodeScreen(payload: Uint8Array): ScreenFrame | undefined {
  if (payload.length < SCREEN_HEAD_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  return {
    scrollback: view.getUint32(0),
    cols: view.getUint16(4),
    rows: view.getUint16(6),
    offset: view.getFloat64(8),
    bytes: payload.subarray(SCREEN_HEAD_BYTES),
  };
}
