/** What the HTTP API accepts and answers about notes at moments of a recording. */
import { z } from 'zod';
import { ID_PATTERN } from '../model/id.js';
import { MAX_NOTE_LENGTH } from '../model/recording-note.js';
import { rule } from './invalid-fields.js';

const id = z.string().regex(ID_PATTERN, rule('id'));

export const NoteParams = z.strictObject({ id, noteId: id });
export const AddNote = z.strictObject({
  /** Milliseconds since the recording's start. */
  atMs: z.int(rule('range', 0, Number.MAX_SAFE_INTEGER)).min(0, rule('range', 0, Number.MAX_SAFE_INTEGER)),
  /** May have lines; nothing that turns or hides text. */
  text: z
    .string()
    .trim()
    .min(1)
    .max(MAX_NOTE_LENGTH)
    .regex(/^(?:[^\p{Cc}\p{Cf}]|\n)*$/u, rule('visible')),
});
export const NoteAnswer = z.object({
  id: z.string(),
  sessionId: z.string(),
  atMs: z.number(),
  text: z.string(),
  author: z.string(),
  authorId: z.string(),
  createdAt: z.number(),
});
/** All of them, by the moment they stand at. */
export const NotesAnswer = z.object({ items: z.array(NoteAnswer) });

export type NoteAnswer = z.infer<typeof NoteAnswer>;
export type NotesAnswer = z.infer<typeof NotesAnswer>;
