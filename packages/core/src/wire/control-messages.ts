/** What the HTTP API accepts and answers about what is done to running sessions from outside: end, freeze, message, block. */
import { z } from 'zod';
import { MAX_BLOCK_MINUTES } from '../model/block.js';
import { END_PRESETS } from '../model/session.js';
import { rule } from './invalid-fields.js';
import { MAX_WORDS } from './read-notice.js';

/** Shown in somebody's terminal: neither a control character nor one that turns or hides text (V33). */
const words = z.string().trim().max(MAX_WORDS);
const visible = words.regex(/^[^\p{Cc}\p{Cf}]*$/u, rule('visible'));
const lines = words.regex(/^(?:[^\p{Cc}\p{Cf}]|\n)*$/u, rule('visible'));

const MINUTES = rule('range', 1, MAX_BLOCK_MINUTES);
const blockMinutes = z.int(MINUTES).min(1, MINUTES).max(MAX_BLOCK_MINUTES, MINUTES);

export const EndSession = z.strictObject({
  preset: z.enum(END_PRESETS).optional(),
  reason: visible.optional(),
  /** Also blocks the user for this long. */
  blockMinutes: blockMinutes.optional(),
});
/** Without ending a session. */
export const BlockUser = z.strictObject({ userId: z.string().max(64), minutes: blockMinutes, reason: visible.min(1) });
/** In the query: a DELETE has no body. */
export const LiftBlock = z.strictObject({ reason: visible.optional() });
export const FreezeSession = z.strictObject({ reason: visible.min(1) });
/** May have lines. */
export const MessageOperator = z.strictObject({ text: lines.min(1) });

export const FreezeAnswer = z.object({ by: z.string(), reason: z.string(), at: z.number() });
export const BlockAnswer = z.object({
  id: z.string(),
  userId: z.string(),
  userName: z.string().optional(),
  until: z.number(),
  reason: z.string(),
  by: z.string(),
  at: z.number(),
  /** The session whose end it came with. */
  sessionId: z.string().optional(),
  /** Nobody set it: it came of too many operations. */
  automatic: z.literal(true).optional(),
});
export const BlocksAnswer = z.object({ items: z.array(BlockAnswer) });

export type EndSession = z.output<typeof EndSession>;
export type BlockUser = z.output<typeof BlockUser>;
export type BlockAnswer = z.infer<typeof BlockAnswer>;
export type BlocksAnswer = z.infer<typeof BlocksAnswer>;
