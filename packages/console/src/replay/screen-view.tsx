import type { Terminal } from '@xterm/xterm';
import { useEffect, useRef } from 'react';
import { keepScaled, widthInside } from './screen-scale.js';

export interface ShownTerminal {
  readonly terminal: Terminal;
  /** Hears of sizes in force, so that the picture can be scaled. */
  onSize: ((cols: number, rows: number) => void) | undefined;
}

/** Somebody's screen at its own size, as large as fits and never larger than is sharp. Nothing on it takes a key. */
export function ScreenView(props: { shown: ShownTerminal; label: string; help: string; dim: boolean }) {
  const { shown, label, help, dim } = props;
  const stage = useRef<HTMLElement>(null);
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { terminal } = shown;
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
    const scaling = keepScaled(terminal, outer, inner, (box, style) => ({
      width: widthInside(box, style) - 28,
      height: box.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom) - 20,
    }));
    shown.onSize = scaling.again;
    return () => {
      shown.onSize = undefined;
      inner.removeEventListener('keydown', handOn, true);
      scaling.stop();
    };
  }, [shown]);
  return (
    <section className="stage" ref={stage} aria-label={label} title={help}>
      <div className={dim ? 'rscreen dim' : 'rscreen'} ref={place} />
    </section>
  );
}
