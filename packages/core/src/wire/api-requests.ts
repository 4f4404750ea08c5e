/**
 * What the HTTP API accepts, as schemas: one source for the server's checks, OpenAPI, the command line and the types of
 * the console. Every object is strict: an unknown field is an error, so a misspelt one is never silently dropped.
 */
import { z } from 'zod';
import { AUDIT_ACTIONS } from '../model/audit.js';
import { canonicalName } from '../model/host.js';
import { ID_PATTERN } from '../model/id.js';
import { ROLES } from '../model/role.js';
import { rule } from './invalid-fields.js';

const whole = (min: number, max: number) => {
  const words = rule('range', min, max);
  return z.int(words).min(min, words).max(max, words);
};
/** As it stands in a URL. */
const wholeText = (min: number, max: number) => {
  const words = rule('range', min, max);
  return z.coerce.number(words).int(words).min(min, words).max(max, words);
};
const name = z
  .string()
  .max(256)
  .transform((raw, context) => {
    const canonical = canonicalName(raw.trim());
    if (canonical !== undefined) return canonical;
    context.addIssue({
      code: 'custom',
      message: rule('name'),
    });
    return z.NEVER;
  });
const id = z.string().regex(ID_PATTERN, rule('id'));
/** Shown beside names everywhere: neither a control character nor one that turns or hides text (V33). */
const displayName = z
  .string()
  .max(128)
  .regex(/^[^\p{Cc}\p{Cf}]*$/u, rule('visible'));
const password = z.string().min(1).max(1024);
const labels = z
  .record(z.string().regex(/^[\p{L}\p{N}_.-]{1,63}$/u, rule('label')), z.string().max(128))
  .refine((all) => Object.keys(all).length <= 32, rule('labels'));
const address = z
  .string()
  .trim()
  .min(1)
  .max(253)
  .regex(/^[A-Za-z0-9_.:-]+(%[A-Za-z0-9]+)?$/, rule('address'));
const login = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[^\p{Cc}]+$/u, rule('printable'));
const privateKey = z.string().min(1).max(32_768);

export const IdParams = z.strictObject({ id });
export const Setup = z.strictObject({
  token: z.string().min(1).max(128),
  name,
  password,
  displayName: displayName.optional(),
});
export const SignIn = z.strictObject({
  name: z.string().min(1).max(256),
  password,
  /** Six digits of the authenticator, or a recovery code. */
  code: z.string().max(64).optional(),
});
export const ChangePassword = z.strictObject({ current: password, next: password });
export const ConfirmTotp = z.strictObject({ code: z.string().regex(/^\d{6}$/, rule('six-digits')) });
export const RemoveTotp = z.strictObject({ password });
export const UpdateMe = z.strictObject({
  language: z.enum(['zh-CN', 'en']).optional(),
  displayName: displayName.optional(),
});

export const CreateToken = z.strictObject({
  name: z.string().trim().min(1).max(64),
  /** Days until it ends, 1 to 366. */
  days: whole(1, 366).default(90),
});

export const CreateUser = z.strictObject({
  name,
  displayName: displayName.default(''),
  role: z.enum(ROLES),
  password,
});
export const UpdateUser = z.strictObject({
  displayName: displayName.optional(),
  role: z.enum(ROLES).optional(),
  active: z.boolean().optional(),
});
export const ResetPassword = z.strictObject({ password });

export const CreateHost = z.strictObject({
  name,
  address,
  port: whole(1, 65535).default(22),
  labels: labels.default({}),
  legacyAlgorithms: z.boolean().default(false),
  onRecordingFailure: z.enum(['end', 'allow-alert']).default('end'),
  watcherRequired: z.boolean().default(false),
});
export const UpdateHost = z.strictObject({
  name: name.optional(),
  address: address.optional(),
  port: whole(1, 65535).optional(),
  labels: labels.optional(),
  legacyAlgorithms: z.boolean().optional(),
  onRecordingFailure: z.enum(['end', 'allow-alert']).optional(),
  watcherRequired: z.boolean().optional(),
});
export const AccountSecretBody = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('password'), password }),
  z.strictObject({ kind: z.literal('key'), privateKey, passphrase: z.string().max(1024).optional() }),
]);
export const CreateAccount = z.strictObject({ login, secret: AccountSecretBody });
export const UpdateAccount = z.strictObject({ login: login.optional(), secret: AccountSecretBody.optional() });
/** Which account to try; without one only the network and the host key are tested. */
export const TestHost = z.strictObject({ accountId: id.optional() });

export const CreateTicket = z.strictObject({ hostId: id, accountId: id });

const page = {
  limit: wholeText(1, 500).default(100),
  cursor: z.string().max(256).optional(),
};
export const ListSessions = z.strictObject({
  ...page,
  state: z.enum(['opening', 'live', 'ending', 'ended', 'failed', 'over', 'open']).optional(),
  userId: id.optional(),
  hostId: id.optional(),
  /** Substring of user, host or login. */
  q: z.string().max(128).optional(),
  /** Created at or after `from` and before `to`, UTC milliseconds. */
  from: wholeText(0, Number.MAX_SAFE_INTEGER).optional(),
  to: wholeText(0, Number.MAX_SAFE_INTEGER).optional(),
  /** `imported`: from files; `here`: sessions of this gateway. */
  origin: z.enum(['imported', 'here']).optional(),
  /** Under legal hold; needs the right to read the retention. */
  held: z.enum(['yes']).optional(),
  sort: z.enum(['-createdAt', 'createdAt', 'userName', 'hostName']).default('-createdAt'),
});
export const ListAudit = z.strictObject({
  ...page,
  action: z.enum(AUDIT_ACTIONS).optional(),
  actor: z.string().max(256).optional(),
  target: z.string().max(256).optional(),
});
export const EXPORT_FORMATS = ['asciicast-v2', 'asciicast-v3', 'text', 'svg', 'raw'] as const;
export const ListHeads = z.strictObject({ limit: page.limit });
export const ExportRecording = z.strictObject({
  format: z.enum(EXPORT_FORMATS).default('asciicast-v2'),
  /** A part of it, in milliseconds since its start. Not of `raw`: a cut container proves nothing. */
  fromMs: wholeText(0, Number.MAX_SAFE_INTEGER).optional(),
  toMs: wholeText(0, Number.MAX_SAFE_INTEGER).optional(),
});
export const ImportRecordingQuery = z.strictObject({
  /** The file's name, shown in lists. */
  name: z.string().min(1).max(255).default('recording.cast'),
  /** What was typed, if the file has it, is dropped unless it is asked for. */
  input: z.enum(['drop', 'keep']).default('drop'),
});
