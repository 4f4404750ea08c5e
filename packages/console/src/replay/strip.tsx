import { type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { useFormat, useText } from '../i18n/provider.js';
import type { ReplaySource } from './source.js';

const BAR = 3.4;
const PITCH = 5;
const HEIGHT = 44;
const FLOOR = 34;
const STEP_MS = 5_000;

interface Colours {
  readonly played: string;
  readonly ahead: string;
  readonly idle: string;
  readonly mark: string;
  readonly head: string;
  readonly cut: string;
}

function draw(
  canvas: HTMLCanvasElement,
  source: ReplaySource,
  durationMs: number,
  positionMs: number,
  colours: Colours,
) {
  const width = canvas.clientWidth;
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(HEIGHT * scale);
  const pen = canvas.getContext('2d');
  if (!pen || width === 0) return;
  pen.scale(scale, scale);
  const at = (ms: number): number => (durationMs > 0 ? (ms / durationMs) * width : 0);
  const head = at(positionMs);
  pen.fillStyle = colours.idle;
  for (const { fromMs, toMs } of source.activity.idle)
    pen.fillRect(at(fromMs), 30, Math.max(1, at(toMs) - at(fromMs)), 4);
  const columns = source.activity.columns(Math.max(1, Math.floor(width / PITCH)), durationMs);
  // Logarithmic: one flood must not make a morning of typing invisible.
  const most = Math.log1p(columns.reduce((high, bytes) => Math.max(high, bytes), 1));
  columns.forEach((bytes, column) => {
    if (bytes === 0) return;
    const height = 3 + (Math.log1p(bytes) / most) * 23;
    const x = column * PITCH;
    pen.fillStyle = x < head ? colours.played : colours.ahead;
    pen.fillRect(x, FLOOR - height, BAR, height);
  });
  pen.fillStyle = colours.mark;
  for (const { atMs } of source.activity.resizes) pen.fillRect(at(atMs), 38, 1.5, 5);
  if (source.end?.truncated) {
    pen.strokeStyle = colours.cut;
    pen.lineWidth = 1.5;
    for (let x = width - 14; x < width + 24; x += 5) {
      pen.beginPath();
      pen.moveTo(x, 34);
      pen.lineTo(x + 12, 6);
      pen.stroke();
    }
  }
  pen.fillStyle = colours.head;
  pen.fillRect(Math.min(width - 2, Math.max(0, head - 1)), 0, 2, HEIGHT);
  pen.beginPath();
  pen.arc(Math.min(width - 4, Math.max(4, head)), 40, 4, 0, 2 * Math.PI);
  pen.fill();
}

function coloursOf(canvas: HTMLCanvasElement): Colours {
  const style = getComputedStyle(canvas);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  return {
    played: token('--accent'),
    ahead: token('--control'),
    idle: token('--border'),
    mark: token('--text3'),
    head: token('--text'),
    cut: token('--warn'),
  };
}

/** What happened when, and a slider over it. */
export function Strip(props: {
  source: ReplaySource;
  durationMs: number;
  positionMs: number;
  readings: number;
  onSeek(ms: number): void;
}) {
  const { source, durationMs, positionMs, readings, onSeek } = props;
  const t = useText();
  const format = useFormat();
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const drawing = canvas.current;
    if (!drawing || readings < 0) return;
    const paint = () => draw(drawing, source, durationMs, positionMs, coloursOf(drawing));
    paint();
    const resized = new ResizeObserver(paint);
    resized.observe(drawing);
    const themed = new MutationObserver(paint);
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
    return () => {
      resized.disconnect();
      themed.disconnect();
    };
  }, [source, durationMs, positionMs, readings]);
  const seekTo = (event: PointerEvent) => {
    const box = event.currentTarget.getBoundingClientRect();
    onSeek(Math.min(1, Math.max(0, (event.clientX - box.left) / box.width)) * durationMs);
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
  return (
    <div
      className="strip"
      role="slider"
      tabIndex={0}
      aria-label={t('replay.position')}
      aria-valuemin={0}
      aria-valuemax={Math.round(durationMs / 1000)}
      aria-valuenow={Math.round(positionMs / 1000)}
      aria-valuetext={t('replay.position-text', { at: format.clock(positionMs), total: format.clock(durationMs) })}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        seekTo(event);
      }}
      onPointerMove={(event) => {
        if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
      }}
    >
      <canvas ref={canvas} />
    </div>
  );
}
