/**
 * Lets a flood gather in the kernel before it is read. A host sends its output in packets of 4 KiB and a quick loop reads
 * them one by one: a turn of the event loop, a system call and an event for each costs as much as decrypting it. Once
 * BURST_BYTES came within a window and the socket is read empty, the next read waits for the window's end: few large
 * reads instead of many small ones. Keys and their echoes never reach the burst and wait for nothing.
 */
import type { Socket } from 'node:net';

/** Below the time output is gathered for a page, so that nobody sees it. */
const WINDOW_MS = 2;
/** More than a redrawn full screen. */
const BURST_BYTES = 32 * 1024;
/** What the runtime reads in one go: a full one means that more is there already. */
const FULL_READ_BYTES = 64 * 1024;

export function paceReads(socket: Socket): void {
  let inWindow = 0;
  let open = false;
  let waiting = false;
  const onWindowEnd = (): void => {
    open = false;
    inWindow = 0;
    if (!waiting) return;
    waiting = false;
    socket.resume();
  };
  socket.on('data', ({ length }) => {
    inWindow += length;
    if (!open) {
      open = true;
      setTimeout(onWindowEnd, WINDOW_MS);
    }
    if (waiting || inWindow < BURST_BYTES || length >= FULL_READ_BYTES) return;
    waiting = true;
    socket.pause();
  });
}
