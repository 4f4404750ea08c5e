import { encodeFrame, FRAME, HEADER_BYTES, MAX_CLIENT_FRAME_BYTES } from '@sallyport/core/wire/terminal-frames.js';

/** Typed bytes as frames of the largest size a page may send. */
export function* inputFrames(terminal: number, bytes: Uint8Array): Generator<Uint8Array> {
  const most = MAX_CLIENT_FRAME_BYTES - HEADER_BYTES;
  for (let at = 0; at < bytes.length; at += most) {
    yield encodeFrame(FRAME.INPUT, terminal, bytes.subarray(at, at + most));
  }
}
