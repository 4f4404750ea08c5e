/**
 * Typed bytes on their way into a channel. They are handed to the library one piece at a time and only while the socket
 * takes more, so that what waits can still be taken back. What the library has sealed into packets cannot: leaving one
 * out would break the connection. That is at most what the socket holds before it asks to wait (16 KiB, or 64 in later Nodes) and one piece.
 */
import type { Socket } from 'node:net';
import type { ClientChannel } from 'ssh2';
import { takeChunkBack } from './library-internals.js';

/** As large as the frames that pages send. */
const PIECE_BYTES = 64 * 1024;

export interface InputQueue {
  /** Bytes that were not handed over. */
  readonly waiting: number;
  push(bytes: Uint8Array): void;
  /** The socket takes more. */
  drained(): void;
  takeBack(): number;
}

export function createInputQueue(
  channel: ClientChannel,
  socket: Socket,
  /** Runs a call into the library that may throw. */
  quietly: (call: () => void) => void,
  changed: () => void,
): InputQueue {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  let handing = false;

  function hand(): void {
    if (handing || socket.writableNeedDrain) return;
    const piece = pieces.shift();
    if (piece === undefined) return;
    bytes -= piece.length;
    handing = true;
    quietly(() =>
      channel.write(piece, () => {
        handing = false;
        hand();
        changed();
      }),
    );
  }
  return {
    get waiting() {
      return bytes;
    },
    push(more) {
      for (let at = 0; at < more.length; at += PIECE_BYTES) pieces.push(more.subarray(at, at + PIECE_BYTES));
      bytes += more.length;
      hand();
    },
    drained: hand,
    takeBack() {
      const queued = bytes;
      pieces = [];
      bytes = 0;
      return queued + takeChunkBack(channel);
    },
  };
}
