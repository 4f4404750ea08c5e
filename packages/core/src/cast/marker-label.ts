/**
 * A marker's label as bytes: UTF-8, cut to MAX_LABEL_BYTES at a whole character, so that a marker is always one event of
 * one chunk. Longer texts belong in notes.
 */
import { MAX_LABEL_BYTES } from './container.js';

export function encodeLabel(label: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(MAX_LABEL_BYTES);
  const { written } = new TextEncoder().encodeInto(label, bytes);
  return bytes.slice(0, written);
}
