/**
 * Keyframes of a recording, few enough whatever its length: one each `step` bytes and, where little happens, each
 * `stepMs`; when they get too many or too large, every second one goes and the steps double. A seek then reads and parses
 * one step at most. Counting bytes of output alone would not do: a quiet shell writes a thousand small chunks where its
 * output fills one, so the file's bytes count too.
 *
 * One is due at once after a change of size, as a keyframe holds no scrollback and lines come back from there when a
 * window grows; those stay when others go, up to a quarter of all.
 */
import type { TerminalSize } from '../model/session.js';

export const FIRST_STEP_BYTES = 64 * 1024;
export const FIRST_STEP_MS = 10_000;
export const MAX_KEYFRAMES = 8_192;
export const MAX_KEYFRAME_BYTES = 32 * 1024 * 1024;
/** A keyframe for its time alone wants at least this part of a step to have happened. */
const QUIET_PART = 16;

/** Between two bytes of output. */
export interface RecordingMoment {
  readonly atMs: number;
  /** Output bytes before it. */
  readonly offset: number;
  /** Byte in the file at which the chunk begins that holds what follows. */
  readonly position: number;
}
export interface Keyframe extends RecordingMoment {
  readonly size: TerminalSize;
  /** Changes of size that stand at this very place are part of it. */
  readonly afterResize: boolean;
  /** The first behind a change of size: goes last. */
  readonly spared: boolean;
  /** As stored: see replay-index-file.ts. */
  readonly stored: Uint8Array;
}

export class KeyframeShelf {
  keyframes: Keyframe[] = [];
  step = FIRST_STEP_BYTES;
  private stepMs = FIRST_STEP_MS;
  private storedBytes = 0;
  private readonly limits: { readonly keyframes: number; readonly bytes: number };

  constructor(limits = { keyframes: MAX_KEYFRAMES, bytes: MAX_KEYFRAME_BYTES }) {
    this.limits = limits;
  }

  isDue({ atMs, offset, position }: RecordingMoment): boolean {
    const last = this.keyframes.at(-1) ?? { atMs: 0, offset: 0, position: 0 };
    const bytes = Math.max(offset - last.offset, position - last.position);
    return bytes >= this.step || (atMs - last.atMs >= this.stepMs && bytes >= this.step / QUIET_PART);
  }

  add(keyframe: Keyframe): void {
    const last = this.keyframes.at(-1);
    // Several changes of size at one place: the last one holds.
    if (last && last.offset === keyframe.offset && last.atMs === keyframe.atMs) {
      this.keyframes.pop();
      this.storedBytes -= last.stored.length;
    }
    this.keyframes.push(keyframe);
    this.storedBytes += keyframe.stored.length;
    while (this.keyframes.length > this.limits.keyframes || this.storedBytes > this.limits.bytes) this.thin();
  }

  private thin(): void {
    const resizes = this.keyframes.filter(({ spared }) => spared).length;
    const spare = resizes <= this.limits.keyframes / 4 && this.storedBytes <= this.limits.bytes;
    this.keyframes = this.keyframes.filter(({ spared }, n) => n % 2 === 1 || (spare && spared));
    this.storedBytes = this.keyframes.reduce((sum, { stored }) => sum + stored.length, 0);
    this.step *= 2;
    this.stepMs *= 2;
  }
}
