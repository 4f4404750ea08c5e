/** AuditEntry: append-only and hash-chained. `hash` covers every other field and the previous entry's hash. */
export type AuditResult = 'ok' | 'denied' | 'failed';

/** Actions, `noun.verb`. The catalogue is closed: an unknown action does not compile. */
export const AUDIT_ACTIONS = [
  'setup.complete',
  'sign-in.ok',
  'sign-in.failed',
  'sign-in.ended',
  'password.change',
  'totp.enable',
  'totp.disable',
  'recovery-code.use',
  'token.create',
  'token.revoke',
  'user.create',
  'user.update',
  'user.delete',
  'user.password-reset',
  'host.create',
  'host.update',
  'host.delete',
  'host.test',
  'hostkey.seen',
  'hostkey.approve',
  'hostkey.reject',
  'hostkey.mismatch',
  'account.create',
  'account.update',
  'account.delete',
  'session.open',
  'session.live',
  'session.resume',
  'session.end',
  'session.failed',
  'session.interrupted',
  'session.watch',
  'session.watch-end',
  'session.watch-refused',
  'session.freeze',
  'session.unfreeze',
  'session.watcher-missing',
  'session.watcher-back',
  'session.message',
  'block.create',
  'block.lift',
  'recording.replay',
  'recording.view',
  'recording.find',
  'recording.download',
  'recording.import',
  'recording.failed',
  'recording.delete',
  'recording.hold',
  'recording.release',
  'note.create',
  'note.delete',
  'retention.change',
  'retention.short',
  'access.denied',
  'vault.rotate',
  'signing-key.rotate',
  'recording.verify',
  'audit.verify',
  'integrity.breach',
  'backup.create',
  'backup.restore',
  'audit.export',
  'server.start',
  'server.stop',
] as const;
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

export interface AuditEvent {
  readonly action: AuditAction;
  readonly result: AuditResult;
  /** User name, `system`, or the name somebody tried. Untrusted text: escape where shown (V33, V34). */
  readonly actor: string;
  readonly actorId?: string;
  /** Socket address of the actor, `local` for the command line on the data directory. */
  readonly source: string;
  /** What it was done to: `host:ID`, `user:ID`, `session:ID`, ... */
  readonly target?: string;
  /** Never a secret. Values are short strings, numbers or booleans. */
  readonly detail?: Readonly<Record<string, string | number | boolean>>;
}

export interface AuditEntry extends AuditEvent {
  /** 1, 2, 3, ... without a gap. */
  readonly seq: number;
  /** UTC ms. */
  readonly at: number;
  /** Hex SHA-256. */
  readonly prevHash: string;
  readonly hash: string;
}

/** The bytes that are hashed: canonical JSON (sorted keys) of everything but `hash`. See docs/formats/audit-chain.md. */
export function auditPreimage(entry: Omit<AuditEntry, 'hash'>): string {
  return canonicalJson(entry);
}

function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([k, v]) => `${JSON.stringify(k)}:${canonicalJson(v)}`).join(',')}}`;
}
