/** Keeps the recorded screen as large as its place allows, and never larger than is sharp. */
import type { Terminal } from '@xterm/xterm';

const FONT_MAX = 16;
const FONT_MIN = 4;

export function fitted(terminal: Terminal, stage: HTMLElement, place: HTMLElement): () => void {
  let frame = 0;
  const scale = (): void => {
    const screen = place.querySelector<HTMLElement>('.xterm-screen');
    const size = terminal.options.fontSize ?? FONT_MAX;
    if (!screen || screen.offsetWidth === 0) return;
    const style = getComputedStyle(stage);
    const room = stage.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight) - 20;
    const high = Math.max(240, innerHeight * 0.75);
    const fits = size * Math.min(room / screen.offsetWidth, high / screen.offsetHeight);
    const wanted = Math.max(FONT_MIN, Math.min(FONT_MAX, Math.floor(fits * 2) / 2));
    if (Math.abs(wanted - size) >= 0.5) terminal.options.fontSize = wanted;
  };
  const later = (): void => {
    cancelAnimationFrame(frame);
    // Twice: cell sizes are rounded to whole pixels, so the first answer can be off by a step.
    frame = requestAnimationFrame(() => {
      scale();
      frame = requestAnimationFrame(scale);
    });
  };
  new ResizeObserver(later).observe(stage);
  return later;
}
