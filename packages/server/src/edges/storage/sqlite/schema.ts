import type { Generated } from 'kysely';

/**
 * The tables, in words every SQL database has: ids, JSON and sealed bytes as text, times as integer milliseconds UTC,
 * truth as 0 or 1. The embedded SQLite and a later PostgreSQL run the same queries over it.
 */
export interface Schema {
  users: UsersTable;
  totp: TotpTable;
  sign_ins: SignInsTable;
  tokens: TokensTable;
  setup_token: SetupTokenTable;
  hosts: HostsTable;
  accounts: AccountsTable;
  host_keys: HostKeysTable;
  secrets: SecretsTable;
  sessions: SessionsTable;
  audit: AuditTable;
  holds: HoldsTable;
  deletions: DeletionsTable;
  recording_keys: RecordingKeysTable;
  notes: NotesTable;
  control_changes: ControlChangesTable;
  meta: MetaTable;
  signing_keys: SigningKeysTable;
  recording_ledger: RecordingLedgerTable;
  signed_heads: SignedHeadsTable;
}

export interface UsersTable {
  id: string;
  name: string;
  /** `foldName(name)`, unique. */
  name_key: string;
  display_name: string;
  role: string;
  active: number;
  language: string | null;
  totp_enabled: number;
  password_hash: string;
  created_at: number;
  updated_at: number;
}
export interface TotpTable {
  user_id: string;
  secret_id: string;
  recovery_codes_id: string | null;
  last_step: number;
  confirmed: number;
}
export interface SignInsTable {
  id: string;
  token_hash: string;
  csrf: string;
  user_id: string;
  address: string;
  user_agent: string;
  created_at: number;
  expires_at: number;
}
export interface TokensTable {
  id: string;
  token_hash: string;
  user_id: string;
  name: string;
  created_at: number;
  expires_at: number;
  last_used_at: number | null;
}
export interface SetupTokenTable {
  /** Always 1: there is one at a time. */
  id: number;
  token_hash: string;
  expires_at: number;
  tries: number;
}
export interface HostsTable {
  id: string;
  name: string;
  name_key: string;
  address: string;
  port: number;
  labels: string;
  legacy_algorithms: number;
  on_recording_failure: string;
  watcher_required: number;
  created_at: number;
  updated_at: number;
}
export interface AccountsTable {
  id: string;
  host_id: string;
  login: string;
  kind: string;
  secret_id: string;
  key_fingerprint: string | null;
  created_at: number;
  updated_at: number;
}
export interface HostKeysTable {
  id: string;
  host_id: string;
  algorithm: string;
  fingerprint: string;
  public_key: string;
  state: string;
  first_seen_at: number;
  decided_by: string | null;
  decided_at: number | null;
}
export interface SecretsTable {
  id: string;
  purpose: string;
  key_id: string;
  wrapped_key: string;
  sealed: string;
}
/** User, host and login are copies: the row outlives what it names. */
export interface SessionsTable {
  id: string;
  user_id: string;
  user_name: string;
  host_id: string;
  host_name: string;
  host_address: string;
  account_id: string;
  login: string;
  source_address: string;
  state: string;
  cols: number;
  rows: number;
  created_at: number;
  live_at: number | null;
  ended_at: number | null;
  end_reason: string | null;
  output_bytes: number;
  node_id: string;
  lease_until: number;
  /** Folded copies to sort and search by, ordered by bytes (a PostgreSQL adapter gives them collation "C"). */
  user_key: string;
  host_key: string;
  search_key: string;
  /** JSON; the host's labels when the session began. */
  host_labels: string;
  /** JSON: an imported recording. */
  origin: string | null;
}
export interface AuditTable {
  seq: number;
  at: number;
  action: string;
  result: string;
  actor: string;
  actor_id: string | null;
  source: string;
  target: string | null;
  detail: string | null;
  prev_hash: string;
  hash: string;
}
export interface HoldsTable {
  id: string;
  subject: string;
  subject_id: string;
  reason: string;
  by_name: string;
  by_id: string | null;
  at: number;
  lifted_at: number | null;
  lifted_by: string | null;
  lifted_by_id: string | null;
  lift_reason: string | null;
}
export interface DeletionsTable {
  session_id: string;
  at: number;
  by_name: string;
  by_id: string | null;
  source: string;
  rule: string | null;
  reason: string;
  bytes: number;
  head: string | null;
  state: string;
}
/** Keys of encrypted recordings, each sealed; a row's end is the recording's. */
export interface RecordingKeysTable {
  session_id: string;
  sealed: string;
}
export interface NotesTable {
  id: string;
  session_id: string;
  at_ms: number;
  text: string;
  author: string;
  author_id: string;
  created_at: number;
}
/** `before_fact`, `after_fact`: the item as JSON; absent where it is new, or gone. */
export interface ControlChangesTable {
  version: number;
  at: number;
  by_name: string;
  noun: string;
  fact_key: string;
  before_fact: string | null;
  after_fact: string | null;
}
export interface MetaTable {
  key: string;
  value: string;
}
/** Public halves stay for ever; `secret_id` is that of the key in force alone. */
export interface SigningKeysTable {
  id: string;
  x: string;
  valid_from: number;
  valid_until: number | null;
  secret_id: string | null;
}
/** `fields`: the event as JSON, as it was hashed. */
export interface RecordingLedgerTable {
  seq: number;
  at: number;
  kind: string;
  number: number | null;
  session_id: string | null;
  fields: string;
  prev_hash: string;
  hash: string;
}
export interface SignedHeadsTable {
  id: Generated<number>;
  /** As in the file outside the database. */
  line: string;
}

/** Names that differ only in case or in Unicode composition are one name (W34). */
export const foldName = (name: string): string => name.normalize('NFC').toLowerCase();
