import type { ClientChannel } from 'ssh2';
import { INITIAL_WINDOW_BYTES, takeOverWindow } from './library-internals.js';

/**
 * How far a host may run ahead of what was read. The library grants 2 MiB, and 1 MiB more to a channel that is paused:
 * after Ctrl-C the person would still watch 3 MiB go by. 512 KiB fills 5 MB/s over 100 ms of round trip.
 */
const WINDOW_BYTES = 512 * 1024;
/** One grant per this much read: each is a packet of its own to encrypt and to send. */
const STEP_BYTES = 256 * 1024;

export interface ChannelWindow {
  /** That much was handed over. */
  read(bytes: number): void;
  /** The host has sent more than it may, seeing what lies unread (V14). */
  isOverrun(): boolean;
}

export function openWindow(channel: ClientChannel, grant: (bytes: number) => void): ChannelWindow {
  // Unread bytes lie in the streams; the window never tops up by itself again.
  takeOverWindow(channel);
  let granted = INITIAL_WINDOW_BYTES;
  let consumed = 0;
  return {
    read(bytes) {
      consumed += bytes;
      const ahead = granted - consumed;
      if (ahead > WINDOW_BYTES - STEP_BYTES) return;
      granted += WINDOW_BYTES - ahead;
      grant(WINDOW_BYTES - ahead);
    },
    isOverrun: () => consumed + channel.readableLength + channel.stderr.readableLength > granted,
  };
}
