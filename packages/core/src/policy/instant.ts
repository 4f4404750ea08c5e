/** Instant: milliseconds since 1970, UTC. The core never asks for one; it is always an argument. */
export type Instant = number;

/** Later than every other instant, and still a date that JSON can hold (infinity is not). */
export const FOREVER: Instant = 8_640_000_000_000_000;

/** Active iff `from <= now < until`: the end is exclusive, so two spans that meet never overlap. */
export interface Span {
  readonly from?: Instant;
  readonly until?: Instant;
}

export const isActive = (span: Span, now: Instant): boolean =>
  (span.from === undefined || span.from <= now) && (span.until === undefined || now < span.until);

/** The next instant at which time alone changes whether the span is active. */
export function nextEdge(span: Span, now: Instant): Instant {
  if (span.from !== undefined && now < span.from)
    return span.until !== undefined && span.until <= span.from ? FOREVER : span.from;
  return span.until !== undefined && now < span.until ? span.until : FOREVER;
}
