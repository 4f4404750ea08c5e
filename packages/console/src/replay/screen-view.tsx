import { useEffect, useRef } from 'react';
import { useText } from '../i18n/provider.js';
import { keepScaled, widthInside } from './screen-scale.js';
import type { Replay } from './use-replay.js';

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
    const scaling = keepScaled(terminal, outer, inner, (box, style) => ({
      width: widthInside(box, style) - 28,
      height: box.clientHeight - Number.parseFloat(style.paddingTop) - Number.parseFloat(style.paddingBottom) - 20,
    }));
    replay.onSize = scaling.again;
    return () => {
      replay.onSize = undefined;
      inner.removeEventListener('keydown', handOn, true);
      scaling.stop();
    };
  }, [replay]);
  return (
    <section className="stage" ref={stage} aria-label={t('replay.screen')} title={t('replay.screen-help')}>
      <div className={dim ? 'rscreen dim' : 'rscreen'} ref={place} />
    </section>
  );
}
