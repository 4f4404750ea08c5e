/** What the HTTP API accepts and answers about keeping and deleting recordings. */
import { z } from 'zod';
import { ID_PATTERN } from '../model/id.js';
import { HOLD_SUBJECTS, SIZE_GOAL } from '../model/retention.js';

const id = z.string().regex(ID_PATTERN, 'not an id');
/** Stands in the audit log and the ledger for ever: neither a control character nor an invisible one (V33). */
const reason = z
  .string()
  .trim()
  .min(3)
  .max(500)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'no control or invisible characters');
const ruleName = z
  .string()
  .trim()
  .min(1)
  .max(64)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'no control or invisible characters')
  .refine((name) => name !== SIZE_GOAL, 'this name stands for the size goal');

export const RetentionRuleBody = z.strictObject({
  name: ruleName,
  labels: z
    .record(z.string().regex(/^[\p{L}\p{N}_.-]{1,63}$/u), z.string().max(128))
    .refine((all) => Object.keys(all).length <= 8, 'at most 8 labels')
    .default({}),
  /** Absent: for ever. */
  days: z.int().min(0).max(36_500).optional(),
  evenWhenFull: z.boolean().default(false),
});
export const SetRetention = z.strictObject({
  rules: z
    .array(RetentionRuleBody)
    .max(50)
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, 'each rule has a name of its own'),
  /** Absent: no goal. */
  maxBytes: z
    .int()
    .min(1)
    .max(2 ** 53 - 1)
    .optional(),
});
export const GiveReason = z.strictObject({ reason });
export const PreviewSweep = z.strictObject({ limit: z.coerce.number().int().min(1).max(500).default(100) });
export const HoldParams = z.strictObject({ id });

export const HoldAnswer = z.object({
  subject: z.enum(HOLD_SUBJECTS),
  subjectId: z.string(),
  reason: z.string(),
  by: z.string(),
  at: z.number(),
});
/** What keeps a recording. */
export const KeepAnswer = z.object({
  /** The rule’s end. Absent: for ever, or the session runs. */
  until: z.number().optional(),
  /** The rule that says so. */
  rule: z.string().optional(),
  /** Nobody deletes it before. Absent while the session runs. */
  floorUntil: z.number().optional(),
  /** The size goal may take it before its time. */
  spare: z.boolean(),
  holds: z.array(HoldAnswer),
});
export const DeletionAnswer = z.object({
  at: z.number(),
  by: z.string(),
  rule: z.string().optional(),
  reason: z.string(),
  bytes: z.number(),
  head: z.string().optional(),
});
/** A hold in the list of all. */
export const HeldAnswer = HoldAnswer.extend({
  /** Of a user or a host, also of one that is gone but had sessions. */
  name: z.string().optional(),
  /** The user or the host was deleted; its recordings are held all the same. */
  gone: z.boolean(),
  /** Of a recording: whose, and on which host. */
  recording: z.object({ userName: z.string(), hostName: z.string() }).optional(),
});
export const HoldsAnswer = z.object({ items: z.array(HeldAnswer) });
export const RetentionAnswer = z.object({
  rules: z.array(
    z.object({
      name: z.string(),
      labels: z.record(z.string(), z.string()),
      days: z.number().optional(),
      evenWhenFull: z.boolean(),
    }),
  ),
  maxBytes: z.number().optional(),
  /** The floor, in milliseconds: the setting retentionFloor. */
  floorMs: z.number(),
});
const totals = {
  /** Counted when there is a size goal. */
  storedBytes: z.number().optional(),
  goalBytes: z.number().optional(),
  /** What still lies over the goal when nothing more may go. */
  overBytes: z.number().optional(),
};
export const SweepPreviewAnswer = z.object({
  items: z.array(
    z.object({
      sessionId: z.string(),
      userName: z.string(),
      hostName: z.string(),
      createdAt: z.number(),
      bytes: z.number(),
      rule: z.string(),
      reason: z.string(),
    }),
  ),
  /** All that would go, also what `items` has no room for. */
  count: z.number(),
  bytes: z.number(),
  ...totals,
});
export const SweepAnswer = z.object({
  deleted: z.number(),
  bytes: z.number(),
  /** The batch was full: there is more to delete. */
  more: z.boolean(),
  ...totals,
});

export type SetRetention = z.input<typeof SetRetention>;
export type HoldAnswer = z.infer<typeof HoldAnswer>;
export type HeldAnswer = z.infer<typeof HeldAnswer>;
export type KeepAnswer = z.infer<typeof KeepAnswer>;
export type DeletionAnswer = z.infer<typeof DeletionAnswer>;
export type HoldsAnswer = z.infer<typeof HoldsAnswer>;
export type RetentionAnswer = z.infer<typeof RetentionAnswer>;
export type SweepPreviewAnswer = z.infer<typeof SweepPreviewAnswer>;
export type SweepAnswer = z.infer<typeof SweepAnswer>;
