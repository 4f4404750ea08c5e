/**
 * Tells what leaves an emulator's screen: lines that scroll away, a screen that is about to be erased, a full-screen
 * program's last screen. Hooks run inside the parse, before the emulator acts; lines are taken between two short writes.
 * With headless-emulator.ts the only file that reaches behind the public types of @xterm/headless 6.0.0.
 */
import type { Transcript } from '@sallyport/core/terminal/transcript.js';
import type { HeadlessEmulator } from './headless-emulator.js';
import type { CoreInsides } from './headless-insides.js';

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
interface Watched {
  readonly ybase: number;
  readonly lines: { readonly length: number; get(index: number): TextLine | undefined };
  addMarker(line: number): { readonly line: number; readonly isDisposed: boolean; dispose(): void };
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
  /** The first line that was not told yet. It moves with the text. */
  let next = buffers.normal.addMarker(0);
  const moveTo = (line: number): void => {
    next.dispose();
    next = buffers.normal.addMarker(line);
  };
  const nextLine = (): number => (next.isDisposed ? 0 : Math.max(0, next.line));

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
    const from = buffer === buffers.normal ? Math.max(nextLine(), 0) : buffer.ybase;
    return joined(
      buffer,
      Math.min(from, buffer.ybase + core._bufferService.rows),
      buffer.ybase + core._bufferService.rows,
    );
  };
  const leaveAlternate = (): void => {
    if (buffers.active === buffers.alt) tell(transcript.fullScreen(visible(buffers.alt)));
  };
  core.registerCsiHandler({ final: 'J' }, (params) => {
    const [how] = params.toArray();
    if (buffers.active !== buffers.normal) return false;
    if (how === ERASE.ALL || how === ERASE.SCROLLBACK) drain();
    if (how === ERASE.ALL) tell(transcript.erased(visible(buffers.normal)));
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
        if (next.isDisposed) moveTo(0);
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
