/** One terminal of one page as the gateway's client end: turns calls into frames and frames into calls. */
import type { TerminalSize } from '@sallyport/core/model/session.js';
import {
  type Ended,
  encodeFrame,
  encodeJsonFrame,
  encodeSizeFrame,
  FRAME,
  MAX_OUTPUT_FRAME_BYTES,
} from '@sallyport/core/wire/terminal-frames.js';
import type { ClientEnd, ClientHandlers } from '../../../gateway/ports/client-end.js';
import { endedFrame } from './ended-frame.js';
import { createOutputGather } from './output-gather.js';

/** Input taken while the target takes none; above it the page's socket is read no further. */
export const STALLED_INPUT_BYTES = 8 * 1024 * 1024;

export interface WebClientEnd extends ClientEnd {
  /** From the socket. */
  input(bytes: Uint8Array): void;
  resized(size: TerminalSize): void;
  credit(bytes: number): void;
  closedByUser(): void;
  lost(): void;
  /** True while the target stalls and more than STALLED_INPUT_BYTES came since. */
  readonly stalled: boolean;
  /** The gateway refused before there was a session. */
  refuse(ended: Ended): void;
}

export interface SocketSide {
  send(frame: Uint8Array): void;
  /** As `send`; a promise, when too much waits to be sent already, that resolves when this frame has left. */
  sendPaced(frame: Uint8Array): Promise<void> | undefined;
  /** The terminal number is free again. */
  released(): void;
  /** A stalled terminal takes input again. */
  relieved(): void;
}

export function createWebClientEnd(terminal: number, address: string, socket: SocketSide): WebClientEnd {
  let handlers: ClientHandlers | undefined;
  let over = false;
  let inputPaused = false;
  let inputWhilePaused = 0;
  const gather = createOutputGather(terminal, (frame) => socket.send(frame));

  function json(type: (typeof FRAME)[keyof typeof FRAME], value: object): void {
    if (over) return;
    gather.flush();
    socket.send(encodeJsonFrame(type, terminal, value));
  }
  function finish(last: Ended): void {
    if (over) return;
    json(FRAME.ENDED, last);
    over = true;
    gather.stop();
    socket.released();
  }

  return {
    address,
    start(given) {
      handlers = given;
      if (over) queueMicrotask(given.onLost); // the page went while the session was being found
    },
    step: (step) => json(FRAME.STEP, step),
    opened: (opened) => json(FRAME.OPENED, opened),
    output(bytes) {
      if (!over) gather.push(bytes);
    },
    history(bytes) {
      let last: Promise<void> | undefined;
      for (let at = 0; at < bytes.length && !over; at += MAX_OUTPUT_FRAME_BYTES) {
        const frame = encodeFrame(FRAME.HISTORY, terminal, bytes.subarray(at, at + MAX_OUTPUT_FRAME_BYTES));
        last = socket.sendPaced(frame);
      }
      return last;
    },
    historySize(size) {
      if (!over) socket.send(encodeSizeFrame(FRAME.HISTORY_SIZE, terminal, size.cols, size.rows));
    },
    historyEnd: (end) => json(FRAME.HISTORY_END, end),
    notice: (notice) => json(FRAME.NOTICE, notice),
    ended: (reason) => finish(endedFrame(reason)),
    detach: () => finish({ reason: 'taken-over' }),
    refuse: finish,
    pauseInput() {
      inputPaused = true;
    },
    resumeInput() {
      inputPaused = false;
      inputWhilePaused = 0;
      socket.relieved();
    },
    input(bytes) {
      if (over) return;
      if (inputPaused) inputWhilePaused += bytes.length;
      handlers?.onInput(bytes);
    },
    resized: (size) => handlers?.onResize(size),
    credit: (bytes) => handlers?.onCredit(bytes),
    closedByUser: () => handlers?.onClose(),
    lost() {
      if (over) return;
      over = true;
      gather.stop();
      handlers?.onLost();
    },
    get stalled() {
      return inputPaused && inputWhilePaused > STALLED_INPUT_BYTES;
    },
  };
}
