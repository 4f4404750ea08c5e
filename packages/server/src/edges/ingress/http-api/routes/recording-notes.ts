/** Notes at moments of a recording. Who may replay it reads and writes them; one's own may be taken away. */
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok } from '@sallyport/core/model/problem.js';
import { MAX_NOTES } from '@sallyport/core/model/recording-note.js';
import { roleMay } from '@sallyport/core/model/role.js';
import { IdParams } from '@sallyport/core/wire/api-requests.js';
import { AddNote, NoteAnswer, NoteParams, NotesAnswer } from '@sallyport/core/wire/note-messages.js';
import { created, EMPTY, json, type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { recordingSubject } from './recordings.js';

export function recordingNoteRoutes(services: Services): readonly Route[] {
  const { notes, audit, clock, random } = services;
  const subject = recordingSubject(services);
  return [
    route({
      method: 'GET',
      path: '/recordings/{id}/notes',
      summary: 'Notes at moments of a recording, in their order',
      access: { kind: 'operation', operation: 'replay', subject },
      params: IdParams,
      answer: { status: 200, schema: NotesAnswer },
      async handle({ params: { id } }) {
        return ok(json({ items: await notes.of(id) }));
      },
    }),
    route({
      method: 'POST',
      path: '/recordings/{id}/notes',
      summary: 'Writes a note at a moment of a recording',
      access: { kind: 'operation', operation: 'replay', subject },
      params: IdParams,
      body: AddNote,
      answer: { status: 201, schema: NoteAnswer },
      async handle({ who, by, params: { id }, body }) {
        const note = {
          ...body,
          id: idFromBytes(random(16)),
          sessionId: id,
          author: who.user.name,
          authorId: who.user.id,
          createdAt: clock.now(),
        };
        if (!(await notes.add(note))) return fail('note.too-many', { limit: String(MAX_NOTES) });
        const detail = { noteId: note.id, atMs: note.atMs };
        await audit.append({ action: 'note.create', result: 'ok', ...by, target: `recording:${id}`, detail });
        return ok(created(note));
      },
    }),
    route({
      method: 'DELETE',
      path: '/recordings/{id}/notes/{noteId}',
      summary: 'Takes a note away: one’s own, or any with the right to delete recordings',
      access: { kind: 'operation', operation: 'replay', subject: ({ id }) => subject({ id }) },
      params: NoteParams,
      answer: { status: 204 },
      async handle({ who, by, params: { id, noteId } }) {
        const note = (await notes.of(id)).find((one) => one.id === noteId);
        if (note === undefined) return fail('not-found');
        if (note.authorId !== who.user.id && !roleMay(who.principal.role, 'recording.delete'))
          return fail('auth.forbidden', { operation: 'recording.delete' });
        if (!(await notes.remove(id, noteId))) return fail('not-found');
        const detail = { noteId, atMs: note.atMs, author: note.author };
        await audit.append({ action: 'note.delete', result: 'ok', ...by, target: `recording:${id}`, detail });
        return ok(EMPTY);
      },
    }),
  ];
}
