import type { SessionEventsAnswer } from '@sallyport/core/wire/event-messages.js';
import { queryOptions } from '@tanstack/react-query';
import { type ApiProblem, ask, get } from './client.js';

export const recordingEventsQuery = (id: string) =>
  queryOptions<SessionEventsAnswer, ApiProblem>({
    queryKey: ['recording-events', id],
    queryFn: ({ signal }) => get(`recordings/${id}/events`, { signal }),
  });

/** Into the audit log, before anything is looked for. */
export const tellFind = (id: string, text: string) => ask<void>('POST', `recordings/${id}/finds`, { body: { text } });
