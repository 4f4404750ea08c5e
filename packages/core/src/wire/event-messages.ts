/** What the HTTP API accepts and answers about what happened around a recorded session. */
import { z } from 'zod';
import { SESSION_EVENT_KINDS } from '../evidence/session-events.js';
import { MAX_NEEDLE_LENGTH } from '../terminal/line-finder.js';

export const SessionEventAnswer = z.object({
  kind: z.enum(SESSION_EVENT_KINDS),
  /** UTC ms, as the audit log has it. */
  at: z.number(),
  by: z.string(),
  /** Of watching: when it ended; absent while it goes on. */
  until: z.number().optional(),
  /** Of watching: a tile of the wall. */
  wall: z.boolean().optional(),
  text: z.string().optional(),
  droppedBytes: z.number().optional(),
});
/** In the order of time. */
export const SessionEventsAnswer = z.object({
  items: z.array(SessionEventAnswer),
  /** There were more: the oldest are left out. */
  leftOut: z.boolean(),
});
/** What is looked for in a recording's output, as it was typed: it is kept, so that one can see what was looked for. */
export const FindInRecording = z.strictObject({
  text: z.string().min(1).max(MAX_NEEDLE_LENGTH),
});

export type SessionEventAnswer = z.infer<typeof SessionEventAnswer>;
export type SessionEventsAnswer = z.infer<typeof SessionEventsAnswer>;
