/** Which of the strip's marks there are, so that the legend explains these alone. */
import type { Activity } from './activity.js';
import type { Gap } from './gaps.js';
import type { PlacedEvent } from './placed-events.js';

export const STRIP_MARKS = ['input', 'resize', 'note', 'found', 'watched', 'control', 'denied', 'cut', 'open'] as const;
export type StripLegend = Readonly<Record<(typeof STRIP_MARKS)[number], boolean>>;

const RED: ReadonlySet<string> = new Set(['denied', 'watch-refused', 'unrecorded']);

export function legendOf(drawn: {
  readonly activity: Activity | undefined;
  readonly notes: number;
  readonly hits: readonly number[];
  readonly gaps: readonly Gap[];
  readonly events: readonly PlacedEvent[];
}): StripLegend {
  const { activity, notes, hits, gaps, events } = drawn;
  const kinds = events.map(({ event }) => event.kind);
  return {
    input: activity?.inputColumns(1, Math.max(1, activity.lastMs)) !== undefined,
    resize: (activity?.resizes.length ?? 0) > 0,
    note: notes > 0,
    found: hits.length > 0,
    watched: kinds.includes('watched'),
    control: kinds.some((kind) => kind !== 'watched' && !RED.has(kind)),
    denied: kinds.some((kind) => RED.has(kind)),
    cut: gaps.some(({ kind }) => kind !== 'open'),
    open: gaps.some(({ kind }) => kind === 'open'),
  };
}
