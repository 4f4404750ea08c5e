/**
 * What happened around the session, at its place in the recording. The audit log tells times of day, the recording counts
 * from its first moment; what others did before it began or after it ended stands at its edges.
 */
import type { SessionEventAnswer } from '@sallyport/core/wire/event-messages.js';
import type { Mark } from './mark.js';

/** A deed and the mark it left in the recording are as near as this, also when the database was slow. */
const SAME_DEED_MS = 2_000;

export interface PlacedEvent {
  readonly atMs: number;
  /** Of what lasts: watching, and input that is held. */
  readonly toMs?: number;
  /** `mark`: the recording has it, and the audit log does not tell it. */
  readonly event: SessionEventAnswer | { readonly kind: 'mark'; readonly text: string };
}

export function placedEvents(
  events: readonly SessionEventAnswer[],
  marks: readonly Mark[],
  beganAt: number,
  durationMs: number,
): readonly PlacedEvent[] {
  const within = (ms: number): number => Math.min(durationMs, Math.max(0, ms));
  const placed = events.map((event, n): PlacedEvent => {
    const atMs = within(event.at - beganAt);
    if (event.kind === 'watched') return { event, atMs, toMs: within((event.until ?? Infinity) - beganAt) };
    if (event.kind !== 'frozen' && event.kind !== 'unwatched') return { event, atMs };
    const lifted = event.kind === 'frozen' ? 'unfrozen' : 'attended';
    const over = events.slice(n + 1).find(({ kind }) => kind === lifted || kind === 'ended');
    return { event, atMs, toMs: within((over?.at ?? Infinity) - beganAt) };
  });
  const left = marks.filter(({ atMs }) => !placed.some((one) => leavesMark(one) && near(one.atMs, atMs)));
  const alone = left.map(({ atMs, text }): PlacedEvent => ({ atMs, event: { kind: 'mark', text } }));
  return [...placed, ...alone].sort((a, b) => a.atMs - b.atMs);
}

const near = (a: number, b: number): boolean => Math.abs(a - b) < SAME_DEED_MS;
const leavesMark = ({ event: { kind } }: PlacedEvent): boolean =>
  kind === 'frozen' || kind === 'unfrozen' || kind === 'unwatched' || kind === 'attended' || kind === 'message';
