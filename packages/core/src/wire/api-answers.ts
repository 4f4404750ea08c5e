/** What the HTTP API answers, as schemas. No answer has a field for a secret. Times are UTC milliseconds. */
import { z } from 'zod';
import { AUDIT_ACTIONS } from '../model/audit.js';
import { IMPORT_FORMATS } from '../model/import-origin.js';
import { OPERATIONS, ROLES } from '../model/role.js';
import { FreezeAnswer } from './control-messages.js';
import { IntegrityFindingAnswer, SignedHeadAnswer } from './evidence-messages.js';
import { DeletionAnswer, KeepAnswer } from './retention-messages.js';

/** RFC 9457. `code` is stable; `title` and `next` are in the language asked for by Accept-Language. */
export const ProblemAnswer = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.string(),
  next: z.string(),
  params: z.record(z.string(), z.string()),
  /** Present for `request.invalid`: which fields, and why. */
  fields: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});

export const UserAnswer = z.object({
  id: z.string(),
  name: z.string(),
  displayName: z.string(),
  role: z.enum(ROLES),
  active: z.boolean(),
  language: z.enum(['zh-CN', 'en']).optional(),
  totpEnabled: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export const MeAnswer = z.object({
  user: UserAnswer,
  may: z.array(z.enum(OPERATIONS)),
  /** When the sign-in ends if nothing more is asked (15 minutes sliding, S59). */
  expiresAt: z.number(),
  /** Sent back in the header `x-sallyport-csrf` with every changing request. */
  csrf: z.string(),
});
export const StatusAnswer = z.object({
  product: z.literal('sallyport'),
  version: z.string(),
  setUp: z.boolean(),
  demo: z.boolean(),
});
export const TotpAnswer = z.object({ secret: z.string(), uri: z.string() });
export const RecoveryCodesAnswer = z.object({ codes: z.array(z.string()) });

export const TokenAnswer = z.object({
  id: z.string(),
  name: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  lastUsedAt: z.number().optional(),
});
/** The one time the token itself is shown. */
export const NewTokenAnswer = TokenAnswer.extend({ token: z.string() });

export const HostKeyAnswer = z.object({
  id: z.string(),
  algorithm: z.string(),
  fingerprint: z.string(),
  state: z.enum(['pending', 'approved', 'rejected']),
  firstSeenAt: z.number(),
  decidedBy: z.string().optional(),
  decidedAt: z.number().optional(),
});
export const AccountAnswer = z.object({
  id: z.string(),
  login: z.string(),
  kind: z.enum(['password', 'key']),
  keyFingerprint: z.string().optional(),
  createdAt: z.number(),
  updatedAt: z.number(),
});
export const HostAnswer = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string(),
  port: z.number(),
  labels: z.record(z.string(), z.string()),
  legacyAlgorithms: z.boolean(),
  onRecordingFailure: z.enum(['end', 'allow-alert']),
  /** Its users can type only while somebody else watches. */
  watcherRequired: z.boolean(),
  createdAt: z.number(),
  updatedAt: z.number(),
  accounts: z.array(AccountAnswer),
  hostKeys: z.array(HostKeyAnswer),
  /** Full pinyin and initials of the name, for search (`zm` finds 张敏). */
  pinyin: z.string().optional(),
  /** When the asking user last opened it. */
  lastUsedAt: z.number().optional(),
  lastAccountId: z.string().optional(),
});
export const HostTestAnswer = z.object({
  /** Steps in order; the first failed one ends the list. */
  steps: z.array(
    z.object({
      step: z.enum(['network', 'host-key', 'sign-in', 'shell']),
      state: z.enum(['ok', 'failed', 'waiting']),
      ms: z.number(),
      detail: z.string().optional(),
    }),
  ),
  /** Steps that nobody tried, though all before them passed: there was no account to try them with. */
  untried: z
    .object({
      steps: z.array(z.enum(['sign-in', 'shell'])),
      /** `no-account`: the host has none. `account-not-named`: it has, and the request named none. */
      reason: z.enum(['no-account', 'account-not-named']),
    })
    .optional(),
  /** The software version the host announced, control characters removed. */
  banner: z.string().optional(),
  hostKey: HostKeyAnswer.optional(),
  problem: ProblemAnswer.optional(),
});

export const TicketAnswer = z.object({ ticket: z.string(), expiresAt: z.number() });

export const EndReasonAnswer = z.object({
  kind: z.string(),
  exitCode: z.number().optional(),
  signal: z.string().optional(),
  by: z.string().optional(),
  reason: z.string().optional(),
  /** One of policy, security, maintenance, mistake, other: of an end by somebody else. */
  preset: z.string().optional(),
  detail: z.string().optional(),
  limitMs: z.number().optional(),
  code: z.string().optional(),
  params: z.record(z.string(), z.string()).optional(),
});
export const RecordingAnswer = z.object({
  sessionId: z.string(),
  state: z.enum(['writing', 'complete', 'truncated', 'missing']),
  sizeBytes: z.number(),
  durationMs: z.number(),
  outputBytes: z.number(),
  head: z.string().optional(),
  /** Its events are encrypted on disk. */
  encrypted: z.literal(true).optional(),
});
/** Where an imported recording comes from. Title, command and time are what its file claims. */
export const OriginAnswer = z.object({
  format: z.enum(IMPORT_FORMATS),
  fileName: z.string(),
  sha256: z.string(),
  importedAt: z.number(),
  importedBy: z.string(),
  title: z.string().optional(),
  command: z.string().optional(),
  recordedAt: z.number().optional(),
});
export const ImportAnswer = z.object({
  sessionId: z.string(),
  format: z.enum(IMPORT_FORMATS),
  durationMs: z.number(),
  outputBytes: z.number(),
  events: z.number(),
  /** The file's last line was cut. */
  truncated: z.boolean(),
  /** What was not taken as it stood: typed input, unknown kinds, times that went back, sizes out of range, halves of characters. */
  left: z.object({
    input: z.number(),
    unknown: z.number(),
    times: z.number(),
    sizes: z.number(),
    characters: z.number(),
  }),
});
export const SessionAnswer = z.object({
  id: z.string(),
  userId: z.string(),
  userName: z.string(),
  hostId: z.string(),
  hostName: z.string(),
  hostAddress: z.string(),
  accountId: z.string(),
  login: z.string(),
  sourceAddress: z.string(),
  state: z.enum(['opening', 'live', 'ending', 'ended', 'failed']),
  cols: z.number(),
  rows: z.number(),
  createdAt: z.number(),
  liveAt: z.number().optional(),
  endedAt: z.number().optional(),
  endReason: EndReasonAnswer.optional(),
  outputBytes: z.number(),
  /** The asking user may resume it now (its page was lost less than 60 s ago). */
  resumable: z.boolean(),
  /** Names of who watches it now; for those who may list all sessions. */
  watchers: z.array(z.string()).optional(),
  /** Its user's input is held; for those who may list all sessions. */
  frozen: FreezeAnswer.optional(),
  /** Its host requires a watcher, there is none, and its user's input is held; for those who may list all sessions. */
  unwatched: z.literal(true).optional(),
  recording: RecordingAnswer.optional(),
  /** What keeps the recording. */
  keep: KeepAnswer.optional(),
  /** The recording was deleted; there is no `recording` then. */
  deletion: DeletionAnswer.optional(),
  /** Present: no session of this gateway, but an imported recording. */
  origin: OriginAnswer.optional(),
});
export const AuditAnswer = z.object({
  seq: z.number(),
  at: z.number(),
  action: z.enum(AUDIT_ACTIONS),
  result: z.enum(['ok', 'denied', 'failed']),
  actor: z.string(),
  actorId: z.string().optional(),
  source: z.string(),
  target: z.string().optional(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  prevHash: z.string(),
  hash: z.string(),
});
export const AuditVerifyAnswer = z.object({
  ok: z.boolean(),
  entries: z.number(),
  /** First entry that does not fit the chain. */
  badSeq: z.number().optional(),
  detail: z.string().optional(),
  head: z.string(),
  ledger: z.object({ entries: z.number(), recordings: z.number(), head: z.string() }),
  heads: z.object({ count: z.number(), last: SignedHeadAnswer.optional() }),
  /** Keys that count: the first the ledger names, and those that heads signed by such a key lead to. */
  keyIds: z.array(z.string()),
  findings: z.array(IntegrityFindingAnswer),
});
export const SettingAnswer = z.object({
  key: z.string(),
  value: z.string(),
  origin: z.enum(['flag', 'environment', 'file', 'default']),
  secret: z.boolean(),
});
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().optional() });

export type ProblemAnswer = z.infer<typeof ProblemAnswer>;
export type UserAnswer = z.infer<typeof UserAnswer>;
export type MeAnswer = z.infer<typeof MeAnswer>;
export type StatusAnswer = z.infer<typeof StatusAnswer>;
export type TotpAnswer = z.infer<typeof TotpAnswer>;
export type RecoveryCodesAnswer = z.infer<typeof RecoveryCodesAnswer>;
export type TokenAnswer = z.infer<typeof TokenAnswer>;
export type NewTokenAnswer = z.infer<typeof NewTokenAnswer>;
export type HostKeyAnswer = z.infer<typeof HostKeyAnswer>;
export type AccountAnswer = z.infer<typeof AccountAnswer>;
export type HostAnswer = z.infer<typeof HostAnswer>;
export type HostTestAnswer = z.infer<typeof HostTestAnswer>;
export type TicketAnswer = z.infer<typeof TicketAnswer>;
export type RecordingAnswer = z.infer<typeof RecordingAnswer>;
export type OriginAnswer = z.infer<typeof OriginAnswer>;
export type ImportAnswer = z.infer<typeof ImportAnswer>;
export type SessionAnswer = z.infer<typeof SessionAnswer>;
export type AuditAnswer = z.infer<typeof AuditAnswer>;
export type AuditVerifyAnswer = z.infer<typeof AuditVerifyAnswer>;
export type SettingAnswer = z.infer<typeof SettingAnswer>;
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}
