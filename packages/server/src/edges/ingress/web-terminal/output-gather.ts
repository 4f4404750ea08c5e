/**
 * Decides when terminal output leaves. The first bytes after idle leave at once, and so do the next few: echoed keys wait
 * for nothing, however fast they come. Past PROMPT_BYTES within GATHER_MS it is a burst, and what follows is joined into
 * one frame, so a flood of 4 KiB packets costs few frames. Order is kept, nothing is dropped; the queue is bounded by the
 * session's credit window.
 */
import { FRAME, HEADER_BYTES, MAX_OUTPUT_FRAME_BYTES } from '@sallyport/core/wire/terminal-frames.js';

/** 4 to 8 ms: below a screen's frame time, above the time between packets of a burst. */
export const GATHER_MS = 5;
/** A line of echo or a redrawn prompt; less than one packet of a flood. */
export const PROMPT_BYTES = 1024;

export interface OutputGather {
  push(bytes: Uint8Array): void;
  /** Sends what is gathered, now. */
  flush(): void;
  stop(): void;
}

export function createOutputGather(terminal: number, send: (frame: Buffer) => void): OutputGather {
  let queue: Uint8Array[] = [];
  let queued = 0;
  let sentInWindow = 0;
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    if (queued === 0) return;
    const frame = Buffer.allocUnsafe(HEADER_BYTES + queued);
    frame[0] = FRAME.OUTPUT;
    frame.writeUInt16BE(terminal, 1);
    let at = HEADER_BYTES;
    for (const bytes of queue) {
      frame.set(bytes, at);
      at += bytes.length;
    }
    sentInWindow += queued;
    queue = [];
    queued = 0;
    send(frame);
  }
  function onTimer(): void {
    timer = undefined;
    if (queued === 0) return; // idle again: the next bytes leave at once
    openWindow();
  }
  function openWindow(): void {
    sentInWindow = 0;
    flush();
    timer = setTimeout(onTimer, GATHER_MS);
  }

  return {
    push(bytes) {
      let rest = bytes;
      while (queued + rest.length > MAX_OUTPUT_FRAME_BYTES) {
        const part = rest.subarray(0, MAX_OUTPUT_FRAME_BYTES - queued);
        queue.push(part);
        queued += part.length;
        flush();
        rest = rest.subarray(part.length);
      }
      if (rest.length > 0) {
        queue.push(rest);
        queued += rest.length;
      }
      if (timer === undefined) openWindow();
      else if (sentInWindow + queued <= PROMPT_BYTES) flush();
    },
    flush,
    stop() {
      if (timer !== undefined) clearTimeout(timer);
      timer = undefined;
    },
  };
}
