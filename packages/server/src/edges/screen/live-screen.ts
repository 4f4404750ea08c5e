/**
 * The emulator of a running session, in a worker. It is given bytes only up to the last safe point; what stands behind
 * that waits, so that a snapshot can be taken at any time and the rest follow it. A string that grows past the bound is let
 * through, and there is no snapshot until it ends.
 */

import type { TerminalSize } from '@sallyport/core/model/session.js';
import { createGroundScanner } from '@sallyport/core/terminal/ground-scanner.js';
import type { ScreenView } from '@sallyport/core/terminal/screen-view.js';
import { takeSnapshot } from '@sallyport/core/terminal/snapshot.js';
import { type Thumbnail, thumbnailOf } from '@sallyport/core/terminal/thumbnail.js';
import type { PlacedSnapshot } from '../../gateway/ports/screens.js';
import { createHeadlessEmulator, type HeadlessEmulator } from './headless-emulator.js';

const MAX_HELD_BYTES = 64 * 1024;

export interface LiveScreen {
  write(bytes: Uint8Array, offset?: number): void;
  resize(size: TerminalSize): void;
  snapshot(history?: number): PlacedSnapshot | undefined;
  scrolledFull(): boolean;
  picture(atMs: number): Thumbnail;
  dispose(): void;
}

export function createLiveScreen(size: TerminalSize, offset: number, scrollback?: number): LiveScreen {
  return liveScreenOn(createHeadlessEmulator(size, scrollback), offset);
}

/** Goes on from a snapshot and its tail. */
export function reopenLiveScreen(from: PlacedSnapshot): LiveScreen {
  const emulator = createHeadlessEmulator(from.size);
  emulator.restore(from);
  const screen = liveScreenOn(emulator, from.offset);
  screen.write(from.tail);
  return screen;
}

function liveScreenOn(emulator: HeadlessEmulator, offset: number): LiveScreen {
  const scanner = createGroundScanner();
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let given = offset;
  let safe = true;
  /** Of what is held: bytes that the emulator shows already, for a picture, and where its cursor stood before. */
  let early = 0;
  let cursorBefore = { x: 0, y: 0 };
  const give = (bytes: Uint8Array): void => {
    const shown = Math.min(early, bytes.length);
    emulator.write(bytes.subarray(shown));
    early -= shown;
    given += bytes.length;
  };
  const giveHeld = (): void => {
    for (const bytes of held) give(bytes);
    held = [];
    heldBytes = 0;
  };
  /** Sequences and characters that are complete: a mark that follows could still join the last one, and then does not. */
  const giveWhole = (): void => {
    if (heldBytes === 0 || !safe) return;
    const all = joined();
    const at = lastGround(all);
    held = [];
    heldBytes = 0;
    give(all.subarray(0, at));
    if (at === all.length) return;
    held = [all.subarray(at)];
    heldBytes = all.length - at;
  };
  const joined = (): Uint8Array => {
    const all = new Uint8Array(heldBytes);
    let at = 0;
    for (const bytes of held) {
      all.set(bytes, at);
      at += bytes.length;
    }
    return all;
  };
  /** As the bytes before those held left it. */
  const viewBefore = (history: number): ScreenView => {
    const view = emulator.view(history);
    if (early === 0) return view;
    return view.alternateShown
      ? { ...view, alternate: { ...view.alternate, cursor: cursorBefore } }
      : { ...view, normal: { ...view.normal, cursor: cursorBefore } };
  };
  /**
   * With the text that is held. A mark may still join its last character, so it stays held: whoever continues a snapshot
   * prints it again from the same place, which changes nothing as long as it neither wraps nor pushes.
   */
  const viewWithHeld = (): ScreenView => {
    const view = emulator.view();
    const all = joined();
    const text = all.subarray(0, safe ? lastGround(all) : 0);
    if (text.length <= early) return view;
    const { cursor } = view.alternateShown ? view.alternate : view.normal;
    if (early === 0) cursorBefore = cursor;
    // No character is wider than it has bytes.
    if (!view.modes.insert && cursorBefore.x + text.length <= view.size.cols) {
      emulator.write(text.subarray(early));
      early = text.length;
      return emulator.view();
    }
    const copy = createHeadlessEmulator(view.size, 0);
    copy.restore(takeSnapshot(view));
    copy.write(text.subarray(early));
    const copied = copy.view();
    copy.dispose();
    return copied;
  };
  return {
    write(bytes, at) {
      if (at !== undefined) {
        giveHeld();
        given = at;
      }
      const upTo = scanner.push(bytes);
      if (upTo >= 0) {
        giveHeld();
        give(bytes.subarray(0, upTo));
        safe = true;
      }
      const rest = bytes.subarray(Math.max(0, upTo));
      if (rest.length === 0) return;
      held.push(rest);
      heldBytes += rest.length;
      if (heldBytes <= MAX_HELD_BYTES) return;
      giveWhole();
      if (heldBytes <= MAX_HELD_BYTES) return;
      giveHeld();
      safe = false;
    },
    resize(next) {
      // A sequence that goes on does nothing before it ends, so it may as well come after.
      giveWhole();
      emulator.resize(next);
    },
    snapshot(history = 0) {
      if (!safe) return undefined;
      const tail = joined();
      const view = viewBefore(history);
      return { ...takeSnapshot(view), offset: given, tail, scrolledFull: scanner.ground && isFull(view) };
    },
    scrolledFull: () => scanner.ground && isFull(emulator.view()),
    picture: (atMs) => thumbnailOf(viewWithHeld(), atMs),
    dispose: () => emulator.dispose(),
  };
}

/** How many of the bytes, which begin between two sequences, end between two. */
function lastGround(bytes: Uint8Array): number {
  const scanner = createGroundScanner();
  let last = 0;
  for (let at = 0; at < bytes.length; at++) {
    scanner.push(bytes.subarray(at, at + 1));
    if (scanner.ground) last = at + 1;
  }
  return last;
}

function isFull({ alternateShown, alternate, normal, size, scrollbackLeft }: ScreenView): boolean {
  const { top, bottom } = (alternateShown ? alternate : normal).margins;
  return top === 0 && bottom === size.rows - 1 && (alternateShown || scrollbackLeft === 0);
}
