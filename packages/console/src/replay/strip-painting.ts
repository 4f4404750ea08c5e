/** Paints the activity strip. Plain canvas: some hundred bars, drawn anew with every step of the position. */
import type { Activity } from './activity.js';
import type { Gap } from './gaps.js';
import type { PlacedEvent } from './placed-events.js';

export const STRIP_HEIGHT = 44;
const BAR = 3.4;
const PITCH = 5;
const FLOOR = 34;
const TICK_PITCH = 3;
/** Of what lasts: still to be seen. */
const LEAST_SPAN = 3;
/** A gap at the very end is still to be seen. */
const LEAST_GAP = 14;

export interface StripPicture {
  readonly activity: Activity;
  readonly durationMs: number;
  readonly positionMs: number;
  readonly gaps: readonly Gap[];
  /** Moments with a note or a marker. */
  readonly notes: readonly number[];
  readonly markers: readonly number[];
  readonly hits: readonly number[];
  readonly events: readonly PlacedEvent[];
}

export function paintStrip(canvas: HTMLCanvasElement, picture: StripPicture): void {
  const { activity, durationMs, positionMs } = picture;
  const width = canvas.clientWidth;
  const scale = window.devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(STRIP_HEIGHT * scale);
  const pen = canvas.getContext('2d');
  if (!pen || width === 0) return;
  const style = getComputedStyle(canvas);
  const token = (name: string): string => style.getPropertyValue(name).trim();
  pen.scale(scale, scale);
  const at = (ms: number): number => (durationMs > 0 ? (Math.min(ms, durationMs) / durationMs) * width : 0);
  const head = at(positionMs);

  for (const { fromMs, toMs } of activity.idle)
    hatch(pen, at(fromMs), Math.max(1, at(toMs) - at(fromMs)), 28, FLOOR, token('--border-strong'));

  const columns = activity.columns(Math.max(1, Math.floor(width / PITCH)), durationMs);
  // Logarithmic: one flood must not make a morning of typing invisible.
  const most = Math.log1p(columns.reduce((high, bytes) => Math.max(high, bytes), 1));
  const [played, ahead] = [token('--accent'), token('--control')];
  columns.forEach((bytes, column) => {
    if (bytes === 0) return;
    const height = 3 + (Math.log1p(bytes) / most) * 23;
    const x = column * PITCH;
    pen.fillStyle = x < head ? played : ahead;
    pen.fillRect(x, FLOOR - height, BAR, height);
  });

  const inputs = activity.inputColumns(Math.max(1, Math.floor(width / TICK_PITCH)), durationMs);
  pen.fillStyle = played;
  inputs?.forEach((count, column) => {
    if (count > 0) pen.fillRect(column * TICK_PITCH, FLOOR + 2, 1, 3);
  });

  pen.fillStyle = token('--text3');
  for (const { atMs } of activity.resizes) pen.fillRect(at(atMs), 38, 1.5, 5);
  for (const { fromMs, toMs, kind } of picture.gaps) {
    const from = Math.min(at(fromMs), width - LEAST_GAP);
    const colour = token(kind === 'open' ? '--info' : kind === 'cut' ? '--warn' : '--danger');
    hatch(pen, from, Math.max(LEAST_GAP, at(toMs) - from), 4, FLOOR, colour);
  }
  pen.fillStyle = token('--warn');
  for (const ms of picture.hits) pen.fillRect(at(ms) - 0.5, FLOOR, 1.5, 4);
  for (const ms of picture.markers) diamond(pen, at(ms), token('--text2'));
  for (const ms of picture.notes) diamond(pen, at(ms), token('--info'));

  for (const event of picture.events) paintEvent(pen, event, at, token);

  pen.fillStyle = token('--text');
  pen.fillRect(Math.min(width - 2, Math.max(0, head - 1)), 0, 2, STRIP_HEIGHT);
  pen.beginPath();
  pen.arc(Math.min(width - 4, Math.max(4, head)), 40, 4, 0, 2 * Math.PI);
  pen.fill();
}

/** Who looked on, below the ground; whose keys were held, along the top; single deeds hang from the top. */
function paintEvent(
  pen: CanvasRenderingContext2D,
  { event: { kind }, atMs, toMs = atMs }: PlacedEvent,
  at: (ms: number) => number,
  token: (name: string) => string,
): void {
  const x = at(atMs);
  const length = Math.max(LEAST_SPAN, at(toMs) - x);
  switch (kind) {
    case 'watched':
      pen.fillStyle = token('--info');
      pen.fillRect(Math.min(x, at(Infinity) - LEAST_SPAN), FLOOR + 6, length, 2);
      return;
    case 'frozen':
    case 'unwatched':
      pen.fillStyle = token('--warn');
      pen.fillRect(x, 0, length, 3);
      return;
    case 'denied':
    case 'watch-refused':
    case 'unrecorded':
      flag(pen, x, token('--danger'));
      return;
    default:
      flag(pen, x, token('--text2'));
  }
}

/** A line with a square at its head, the colour of what it says. */
function flag(pen: CanvasRenderingContext2D, x: number, colour: string): void {
  pen.fillStyle = colour;
  pen.fillRect(x - 0.75, 0, 1.5, FLOOR);
  pen.fillRect(x - 0.75, 0, 7, 6);
}

function hatch(
  pen: CanvasRenderingContext2D,
  x: number,
  width: number,
  top: number,
  bottom: number,
  colour: string,
): void {
  pen.save();
  pen.beginPath();
  pen.rect(x, top, width, bottom - top);
  pen.clip();
  pen.strokeStyle = colour;
  pen.lineWidth = 1.5;
  const rise = bottom - top;
  for (let at = x - rise; at < x + width; at += 5) {
    pen.beginPath();
    pen.moveTo(at, bottom);
    pen.lineTo(at + rise, top);
    pen.stroke();
  }
  pen.restore();
}

function diamond(pen: CanvasRenderingContext2D, x: number, colour: string): void {
  pen.fillStyle = colour;
  pen.fillRect(x - 0.75, 0, 1.5, FLOOR);
  pen.beginPath();
  pen.moveTo(x, 0);
  pen.lineTo(x + 5, 5);
  pen.lineTo(x, 10);
  pen.lineTo(x - 5, 5);
  pen.fill();
}
