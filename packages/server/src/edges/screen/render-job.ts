/**
 * Draws one recording: events in, text out. Everything before the part that is wanted is drawn unseen; whoever gives the
 * events is told when no more are wanted.
 */
import type { RecordedEvent } from '@sallyport/core/cast/recorded-event.js';
import type { TerminalSize } from '@sallyport/core/model/session.js';
import { SvgFilm } from '@sallyport/core/terminal/svg-film.js';
import { Transcript } from '@sallyport/core/terminal/transcript.js';
import { createHeadlessEmulator } from './headless-emulator.js';
import { createLiveScreen } from './live-screen.js';
import { createScrollWatch } from './scroll-watch.js';

export interface RenderTask {
  readonly kind: 'text' | 'svg' | 'part';
  readonly size: TerminalSize;
  readonly title: string;
  readonly fromMs: number;
  readonly toMs: number;
}
export interface RenderOutcome {
  readonly text: string;
  /** No more events are wanted. */
  readonly done: boolean;
  /** Of an SVG: it is too large; it would fit up to here. */
  readonly fullAtMs?: number;
  /** Of a part: how many of the events given were drawn into the opening screen. */
  readonly opening?: { readonly size: TerminalSize; readonly bytes: Uint8Array; readonly used: number };
}
export interface RenderJob {
  events(events: readonly RecordedEvent[]): RenderOutcome;
}

export function createRenderJob(task: RenderTask): RenderJob {
  switch (task.kind) {
    case 'text':
      return textJob(task);
    case 'svg':
      return svgJob(task);
    case 'part':
      return partJob(task);
  }
}

function textJob({ size, fromMs, toMs }: RenderTask): RenderJob {
  const emulator = createHeadlessEmulator(size);
  const transcript = new Transcript();
  const watch = createScrollWatch(emulator, transcript);
  let begun = fromMs <= 0;
  return {
    events(events) {
      let text = '';
      for (const event of events) {
        if (!begun && event.atMs >= fromMs) {
          begun = true;
          watch.forget();
        }
        const over = event.type === 'end' || event.atMs > toMs;
        if (over) return { text: text + (begun ? watch.finish() : ''), done: true };
        if (event.type === 'output') text += told(watch.write(event.bytes));
        else if (event.type === 'marker' && begun) text += transcript.marker(event.label);
        else if (event.type === 'resize') {
          text += told(watch.resizing());
          emulator.resize(event.size);
        }
      }
      return { text, done: false };
    },
  };
  function told(lines: string): string {
    return begun ? lines : '';
  }
}

/** Output closer together is one picture: the eye sees no more. */
const FRAME_MS = 80;

function svgJob({ size, title, fromMs, toMs }: RenderTask): RenderJob {
  const emulator = createHeadlessEmulator(size, 0);
  const film = new SvgFilm(title);
  let begun = false;
  /** The screen has changed since this moment and is not on the film. */
  let changedAt: number | undefined;
  const shoot = (): void => {
    if (changedAt !== undefined) film.frame(changedAt, emulator.view());
    changedAt = undefined;
  };
  const begin = (): void => {
    begun = true;
    film.begin(fromMs);
    changedAt = fromMs;
    shoot();
  };
  return {
    events(events) {
      for (const event of events) {
        if (!begun && event.atMs >= fromMs) begin();
        if (event.type === 'end' || event.atMs > toMs) {
          if (!begun) begin();
          shoot();
          return { text: film.finish(Math.min(event.atMs, toMs)), done: true };
        }
        if (begun && changedAt !== undefined && event.atMs - changedAt >= FRAME_MS) shoot();
        if (film.full) return { text: '', done: true, fullAtMs: event.atMs };
        if (event.type === 'output') emulator.write(event.bytes);
        else if (event.type === 'resize') emulator.resize(event.size);
        else continue;
        if (begun) changedAt ??= event.atMs;
      }
      return { text: '', done: false };
    },
  };
}

function partJob({ size, fromMs }: RenderTask): RenderJob {
  const screen = createLiveScreen(size, 0);
  let now = size;
  return {
    events(events) {
      for (const [used, event] of events.entries()) {
        if (event.atMs >= fromMs || event.type === 'end') {
          const shot = screen.snapshot();
          const bytes = Buffer.concat(shot === undefined ? [] : [shot.bytes, shot.tail]);
          return { text: '', done: true, opening: { size: shot?.size ?? now, bytes, used } };
        }
        if (event.type === 'output') screen.write(event.bytes);
        else if (event.type === 'resize') {
          screen.resize(event.size);
          now = event.size;
        }
      }
      return { text: '', done: false };
    },
  };
}
