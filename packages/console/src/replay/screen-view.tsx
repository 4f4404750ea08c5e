import { useEffect, useRef } from 'react';
import { useText } from '../i18n/provider.js';
import type { Replay } from './use-replay.js';

const FONT_MAX = 16;
const FONT_MIN = 5;

/** The recorded screen at its recorded size, as large as fits and never larger than is sharp. */
export function ScreenView({ replay, dim }: { replay: Replay; dim: boolean }) {
  const t = useText();
  const stage = useRef<HTMLElement>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { terminal } = replay;
    const outer = stage.current;
    const inner = place.current;
    if (!outer || !inner) return;
    terminal.open(inner);
    // Writing only: not in the tab order, no keyboard of the phone.
    terminal.textarea?.setAttribute('tabindex', '-1');
    terminal.textarea?.setAttribute('inputmode', 'none');
    // The emulator takes no key: copying is the browser's, single keys are the page's even after a click on the screen.
    terminal.attachCustomKeyEventHandler(() => false);
    const handOn = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.key === 'Tab') return;
      event.preventDefault();
      event.stopPropagation();
      document.dispatchEvent(
        new KeyboardEvent('keydown', { key: event.key, code: event.code, shiftKey: event.shiftKey }),
      );
    };
    inner.addEventListener('keydown', handOn, true);
    let frame = 0;
    const scale = (): void => {
      const screen = inner.querySelector<HTMLElement>('.xterm-screen');
      const size = terminal.options.fontSize ?? FONT_MAX;
      if (!screen || screen.offsetWidth === 0) return;
      const style = getComputedStyle(outer);
      const room = {
        width: outer.clientWidth - Number.parseFloat(style.paddingLeft) - Number.parseFloat(style.paddingRight) - 28,
        height: outer.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom) - 20,
      };
      const fits = size * Math.min(room.width / screen.offsetWidth, room.height / screen.offsetHeight);
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
    replay.onSize = later;
    const observer = new ResizeObserver(later);
    observer.observe(outer);
    later();
    return () => {
      replay.onSize = undefined;
      inner.removeEventListener('keydown', handOn, true);
      observer.disconnect();
      cancelAnimationFrame(frame);
    };
  }, [replay]);
  return (
    <section className="stage" ref={stage} aria-label={t('replay.screen')} title={t('replay.screen-help')}>
      <div className={dim ? 'rscreen dim' : 'rscreen'} ref={place} />
    </section>
  );
}
