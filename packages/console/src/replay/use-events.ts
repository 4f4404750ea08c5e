import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ApiProblem } from '../api/client.js';
import { recordingEventsQuery } from '../api/recording-events.js';
import type { Mark } from './mark.js';
import { type PlacedEvent, placedEvents } from './placed-events.js';

const AGAIN_MS = 5_000;

/** What happened around the session, placed in its recording; of a running one again and again. */
export function useEvents(
  session: SessionAnswer,
  marks: readonly Mark[],
  beganAt: number,
  durationMs: number,
): { events: readonly PlacedEvent[]; leftOut: boolean; problem: ApiProblem | null } {
  const running = session.endedAt === undefined;
  const { data, error } = useQuery({
    ...recordingEventsQuery(session.id),
    refetchInterval: running ? AGAIN_MS : false,
  });
  const events = useMemo(
    () => placedEvents(data?.items ?? [], marks, beganAt, durationMs),
    [data, marks, beganAt, durationMs],
  );
  return { events, leftOut: data?.leftOut === true, problem: data === undefined ? error : null };
}
