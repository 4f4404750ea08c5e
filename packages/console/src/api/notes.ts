import type { NoteAnswer, NotesAnswer } from '@sallyport/core/wire/note-messages.js';
import { queryOptions } from '@tanstack/react-query';
import { type ApiProblem, ask, get } from './client.js';

export const notesQuery = (id: string) =>
  queryOptions<NotesAnswer, ApiProblem>({
    queryKey: ['notes', id],
    queryFn: ({ signal }) => get(`recordings/${id}/notes`, { signal }),
  });

export const addNote = (id: string, note: { readonly atMs: number; readonly text: string }) =>
  ask<NoteAnswer>('POST', `recordings/${id}/notes`, { body: note });

export const removeNote = ({ sessionId, id }: NoteAnswer) => ask<void>('DELETE', `recordings/${sessionId}/notes/${id}`);
