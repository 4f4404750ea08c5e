import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useFormat, useText } from '../i18n/provider.js';
import type { Activity } from './activity.js';
import { eventWords } from './event-words.js';
import type { Gap } from './gaps.js';
import type { Mark } from './mark.js';
import type { PlacedEvent } from './placed-events.js';
import { paintStrip } from './strip-painting.js';

const STEP_MS = 5_000;
/** As near as this the pointer means a mark. */
const NEAR_PX = 6;

const NONE: readonly never[] = [];

/** What happened when, and a slider over it. */
export function Strip(props: {
  activity: Activity;
  durationMs: number;
  positionMs: number;
  readings: number;
  gaps: readonly Gap[];
  notes: readonly Mark[];
  markers: readonly Mark[];
  hits: readonly number[];
  events?: readonly PlacedEvent[];
  onSeek(ms: number): void;
}) {
  const { activity, durationMs, positionMs, readings, gaps, notes, markers, hits, events = NONE, onSeek } = props;
  const t = useText();
  const format = useFormat();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [under, setUnder] = useState('');
  useEffect(() => {
    const drawing = canvas.current;
    if (!drawing || readings < 0) return;
    const paint = () =>
      paintStrip(drawing, {
        activity,
        durationMs,
        positionMs,
        gaps,
        notes: notes.map(({ atMs }) => atMs),
        markers: markers.map(({ atMs }) => atMs),
        hits,
        events,
      });
    paint();
    const resized = new ResizeObserver(paint);
    resized.observe(drawing);
    const themed = new MutationObserver(paint);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
    };
  }, [activity, durationMs, positionMs, readings, gaps, notes, markers, hits, events]);

  /** What stands at a moment, in words: marks within reach, the gap, the pause. */
  const words = (ms: number, reachMs: number): string =>
    [
      ...[...notes, ...markers].filter(({ atMs }) => Math.abs(atMs - ms) <= reachMs).map(({ text }) => text),
      ...events
        .filter(({ atMs, toMs = atMs }) => ms >= atMs - reachMs && ms <= toMs + reachMs)
        .map((event) => eventWords(event, t, format).what),
      ...gaps.filter(({ fromMs, toMs }) => ms >= fromMs - reachMs && ms <= toMs).map(({ cause }) => cause),
      ...(activity.idle.some(({ fromMs, toMs }) => ms > fromMs && ms < toMs) ? [t('replay.legend-idle')] : []),
    ].join(' · ');
  const momentAt = (event: PointerEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * durationMs;
  };
  const pointAt = (event: PointerEvent): void => {
    if (event.currentTarget.hasPointerCapture(event.pointerId)) onSeek(momentAt(event));
    const ms = momentAt(event);
    const reach = (NEAR_PX / Math.max(1, event.currentTarget.clientWidth)) * durationMs;
    setUnder([format.clock(ms), words(ms, reach)].filter((part) => part !== '').join(' · '));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by: Partial<Record<string, number>> = {
      ArrowLeft: positionMs - STEP_MS,
      ArrowDown: positionMs - STEP_MS,
      ArrowRight: positionMs + STEP_MS,
      ArrowUp: positionMs + STEP_MS,
      PageDown: positionMs - durationMs / 10,
      PageUp: positionMs + durationMs / 10,
      Home: 0,
      End: durationMs,
    };
    const to = by[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onSeek(Math.min(durationMs, Math.max(0, to)));
  };
  const place = t('replay.position-text', { at: format.clock(positionMs), total: format.clock(durationMs) });
  return (
    <div
      className="strip"
      role="slider"
      tabIndex={0}
      aria-label={t('replay.position')}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationMs / 1000)}
      aria-valuenow={Math.round(positionMs / 1000)}
      aria-valuetext={[place, words(positionMs, 500)].filter((part) => part !== '').join(', ')}
      title={under}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onSeek(momentAt(event));
      }}
      onPointerMove={pointAt}
    >
      <canvas ref={canvas} />
    </div>
  );
}
