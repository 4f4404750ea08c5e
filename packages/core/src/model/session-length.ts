/**
 * How long a session was, and how a length is written. One rule for lists, replay and command line: the recording's own
 * length where it is finished, because that is what plays; a length is cut to whole seconds, never rounded up, so that a
 * position never stands behind the end. A session without a shell has no length.
 */
export interface SessionTimes {
  readonly liveAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly recording?:
    | { readonly state: 'writing' | 'complete' | 'truncated' | 'missing'; readonly durationMs: number }
    | undefined;
}

export function sessionLengthMs({ liveAt, endedAt, recording }: SessionTimes, now: number): number | undefined {
  if (liveAt === undefined) return undefined;
  if (endedAt === undefined) return Math.max(0, now - liveAt);
  const played = recording?.state === 'complete' || recording?.state === 'truncated';
  return played ? recording.durationMs : Math.max(0, endedAt - liveAt);
}

/** `00:41`, `32:10`, `1:42:33`. */
export function lengthText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (value: number): string => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}
