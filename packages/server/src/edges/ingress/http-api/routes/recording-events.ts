/**
 * What happened around a recorded session, and what is looked for in it. The page searches by itself, in what it read;
 * it asks here first, so no search is without its row.
 */
import { fail, ok } from '@sallyport/core/model/problem.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { FindInRecording, SessionEventsAnswer } from '@sallyport/core/wire/event-messages.js';
import type { ReadingNotes } from '../reading-notes.js';
import { EMPTY, json, type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { recordingSubject } from './recordings.js';

export function recordingEventRoutes(services: Services, notes: ReadingNotes): readonly Route[] {
  const { sessions, events } = services;
  const subject = recordingSubject(services);
  return [
    route({
      method: 'GET',
      path: '/recordings/{id}/events',
      summary: 'Who watched, who held the input, what was said and what was refused while the session ran',
      access: { kind: 'operation', operation: 'replay', subject },
      params: IdParams,
      answer: { status: 200, schema: SessionEventsAnswer },
      async handle({ who, params: { id } }) {
        const session = await sessions.get(id);
        return session === undefined ? fail('not-found') : ok(json(await events.of(session, who.principal)));
      },
    }),
    route({
      method: 'POST',
      path: '/recordings/{id}/finds',
      summary: 'Tells the audit log what is about to be looked for in a recording’s output',
      access: { kind: 'operation', operation: 'replay', subject },
      params: IdParams,
      body: FindInRecording,
      answer: { status: 204 },
      async handle({ who, by, params: { id }, body: { text } }) {
        await notes.find(who.principal, by, id, text);
        return ok(EMPTY);
      },
    }),
  ];
}
