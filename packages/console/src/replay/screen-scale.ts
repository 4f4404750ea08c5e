/** Keeps a recorded screen as large as its place allows, and never larger than is sharp. */
import type { Terminal } from '@xterm/xterm';

const FONT_MAX = 16;
const FONT_MIN = 4;

export interface Room {
  readonly width: number;
  readonly height: number;
}

/** `room`: what the screen may fill at this moment. */
export function keepScaled(
  terminal: Terminal,
  stage: HTMLElement,
  place: HTMLElement,
  room: (stage: HTMLElement, padding: CSSStyleDeclaration) => Room,
): { again(): void; stop(): void } {
  let frame = 0;
  const scale = (): void => {
    const screen = place.querySelector<HTMLElement>('.xterm-screen');
    const size = terminal.options.fontSize ?? FONT_MAX;
    if (!screen || screen.offsetWidth === 0) return;
    const { width, height } = room(stage, getComputedStyle(stage));
    const fits = size * Math.min(width / screen.offsetWidth, height / screen.offsetHeight);
    const wanted = Math.max(FONT_MIN, Math.min(FONT_MAX, Math.floor(fits * 2) / 2));
    if (Math.abs(wanted - size) >= 0.5) terminal.options.fontSize = wanted;
  };
  const again = (): void => {
    cancelAnimationFrame(frame);
    // Twice: cell sizes are rounded to whole pixels, so the first answer can be off by a step.
    frame = requestAnimationFrame(() => {
      scale();
      frame = requestAnimationFrame(scale);
    });
  };
  const observer = new ResizeObserver(again);
  observer.observe(stage);
  again();
  return {
    again,
    stop() {
      observer.disconnect();
      cancelAnimationFrame(frame);
    },
  };
}

export const widthInside = (stage: HTMLElement, style: CSSStyleDeclaration): number =>
  stage.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight);
