/**
 * Tells what leaves an emulator's screen: lines that scroll away, a screen that is about to be erased, a full-screen
 * program's last screen. Hooks run inside the parse, before the emulator acts; lines are taken between two short writes.
 * With core/terminal/emulator-view.ts the only file that reaches behind the public types of @xterm/headless 6.0.0.
 */
import type { CoreInsides } from '@sallyport/core/terminal/emulator-insides.js';
import type { Transcript } from '@sallyport/core/terminal/transcript.js';
import type { HeadlessEmulator } from './headless-emulator.js';

/** Cannot scroll away more lines than the scrollback holds before they are taken. */
const WRITE_BYTES = 4 * 1024;
/** A line that wraps further than this is broken. */
const LONGEST_LINE_ROWS = 1_000;
const ALTERNATE = [47, 1047, 1049];
const ERASE = { ALL: 2, SCROLLBACK: 3 } as const;

interface TextLine {
  readonly isWrapped: boolean;
  translateToString(trimRight: boolean): string;
}
interface Marker {
  readonly line: number;
  readonly isDisposed: boolean;
  dispose(): void;
}
interface Watched {
  readonly ybase: number;
  readonly y: number;
  readonly lines: { readonly length: number; get(index: number): TextLine | undefined };
  addMarker(line: number): Marker;
}
interface Hooks {
  readonly _bufferService: {
    readonly rows: number;
    readonly buffers: { readonly normal: Watched; readonly alt: Watched; readonly active: Watched };
  };
  registerCsiHandler(
    id: { final: string; prefix?: string },
    handle: (params: { toArray(): (number | number[])[] }) => boolean,
  ): unknown;
  registerEscHandler(id: { final: string }, handle: () => boolean): unknown;
}

export interface ScrollWatch {
  /** What was told meanwhile. */
  write(bytes: Uint8Array): string;
  /** Before the emulator is resized. */
  resizing(): string;
  /** From here on: what scrolled away before is nobody's business. */
  forget(): void;
  finish(): string;
}

export function createScrollWatch(
  emulator: HeadlessEmulator & { readonly insides: CoreInsides },
  transcript: Transcript,
): ScrollWatch {
  const core = emulator.insides as unknown as Hooks;
  const { buffers } = core._bufferService;
  let told = '';
  let silent = false;
  const tell = (text: string): void => {
    if (!silent) told += text;
  };
  const take = (): string => {
    const all = told;
    told = '';
    return all;
  };
  /** On the last line that was told; it moves with the text. None: nothing of what the buffer holds was told. */
  let last: Marker | undefined;
  let lastInView = false;
  const moveTo = (line: number): void => {
    last?.dispose();
    last = line > 0 ? buffers.normal.addMarker(line - 1) : undefined;
    lastInView = line > buffers.normal.ybase;
  };
  /** The first line that was not told yet. */
  const nextLine = (): number => {
    if (last === undefined) return 0;
    // It goes with its line: erased, when that was on the screen; else dropped at the scrollback's end.
    if (last.isDisposed) moveTo(lastInView ? buffers.normal.ybase : 0);
    else lastInView = last.line >= buffers.normal.ybase;
    return last === undefined ? 0 : last.line + 1;
  };

  const joined = (buffer: Watched, from: number, to: number): string[] => {
    const lines: string[] = [];
    for (let y = from; y < to; y += 1) {
      const line = buffer.lines.get(y);
      const goesOn = buffer.lines.get(y + 1)?.isWrapped === true && y + 1 < to;
      const text = line?.translateToString(!goesOn) ?? '';
      if (line?.isWrapped === true && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    return lines;
  };
  const drain = (): void => {
    const { normal } = buffers;
    const from = nextLine();
    let to = normal.ybase;
    // The end of a line may still be on the screen: then all of it waits.
    while (to > from && normal.lines.get(to)?.isWrapped === true) to -= 1;
    if (normal.ybase - to > LONGEST_LINE_ROWS) to = normal.ybase;
    if (to <= from) return;
    tell(transcript.scrolled(joined(normal, from, to)));
    moveTo(to);
  };
  const visible = (buffer: Watched): string[] => {
    const from = buffer === buffers.normal ? nextLine() : buffer.ybase;
    return joined(
      buffer,
      Math.min(from, buffer.ybase + core._bufferService.rows),
      buffer.ybase + core._bufferService.rows,
    );
  };
  /** What stands above the cursor comes before what the full-screen program shows. */
  const enterAlternate = (): void => {
    if (buffers.active !== buffers.normal) return;
    drain();
    const { ybase, y } = buffers.normal;
    if (nextLine() >= ybase + y) return;
    tell(transcript.scrolled(joined(buffers.normal, nextLine(), ybase + y)));
    moveTo(ybase + y);
  };
  const leaveAlternate = (): void => {
    if (buffers.active === buffers.alt) tell(transcript.fullScreen(visible(buffers.alt)));
  };
  core.registerCsiHandler({ final: 'J' }, (params) => {
    const [how] = params.toArray();
    if (buffers.active !== buffers.normal) return false;
    if (how === ERASE.ALL || how === ERASE.SCROLLBACK) drain();
    if (how === ERASE.ALL) {
      tell(transcript.erased(visible(buffers.normal)));
      // A line that began above the screen was told with it.
      if (nextLine() < buffers.normal.ybase) moveTo(buffers.normal.ybase);
    }
    return false;
  });
  core.registerCsiHandler({ final: 'h', prefix: '?' }, (params) => {
    if (params.toArray().some((mode) => typeof mode === 'number' && ALTERNATE.includes(mode))) enterAlternate();
    return false;
  });
  core.registerCsiHandler({ final: 'l', prefix: '?' }, (params) => {
    if (params.toArray().some((mode) => typeof mode === 'number' && ALTERNATE.includes(mode))) leaveAlternate();
    return false;
  });
  core.registerEscHandler({ final: 'c' }, () => {
    leaveAlternate();
    drain();
    tell(transcript.erased(visible(buffers.normal)));
    return false;
  });
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length; at += WRITE_BYTES) {
        emulator.write(bytes.subarray(at, at + WRITE_BYTES));
        drain();
      }
      return take();
    },
    resizing() {
      drain();
      return take();
    },
    forget() {
      moveTo(buffers.normal.ybase);
      take();
    },
    finish() {
      if (buffers.active === buffers.alt) tell(transcript.fullScreen(visible(buffers.alt)));
      tell(transcript.finish(visible(buffers.normal)));
      silent = true;
      return take();
    },
  };
}
