/**
 * The ledger of recordings: one entry for each thing that happens to a recording, numbered and hash-chained, its head
 * signed now and then (signed-head.ts). It says which recordings there must be, so that a missing one shows: a hash
 * chain inside a file cannot tell that the file is gone. docs/formats/ledger.md gives the bytes.
 *
 * Rival: reading it out of the audit log; that log holds what everybody did, so it could not be handed to somebody who
 * may see one recording, and its rows are many times as many.
 */
export const LEDGER_KINDS = ['key', 'opened', 'sealed', 'recovered', 'adopted', 'imported', 'deleted'] as const;
export type LedgerKind = (typeof LEDGER_KINDS)[number];

/** How a recording ended. `head` is the hash of the file's last chunk. */
export interface RecordedEnd {
  readonly head: string;
  readonly bytes: number;
  readonly outputBytes: number;
  readonly state: 'complete' | 'truncated';
}

export type LedgerEvent =
  /** A signing key that comes into force after this entry. */
  | { readonly kind: 'key'; readonly keyId: string; readonly x: string }
  | { readonly kind: 'opened'; readonly sessionId: string }
  | ({ readonly kind: 'sealed'; readonly sessionId: string } & RecordedEnd)
  /** Found open by a start after a crash, and ended there. */
  | ({ readonly kind: 'recovered'; readonly sessionId: string } & RecordedEnd)
  /** Was there before the ledger began. */
  | ({ readonly kind: 'adopted'; readonly sessionId: string } & RecordedEnd)
  | ({ readonly kind: 'imported'; readonly sessionId: string; readonly actor: string } & RecordedEnd)
  | {
      readonly kind: 'deleted';
      readonly sessionId: string;
      readonly actor: string;
      readonly actorId?: string;
      readonly reason: string;
      /** The rule of retention, when one asked for it. */
      readonly rule?: string;
      readonly head?: string;
      readonly bytes: number;
    };
export type RecordingEvent = Exclude<LedgerEvent, { readonly kind: 'key' }>;

export type LedgerEntry = LedgerEvent & {
  /** 1, 2, 3, ... without a gap. */
  readonly seq: number;
  /** UTC ms. */
  readonly at: number;
  /** The recording's number: 1, 2, 3, ... in the order of first entries. Absent for keys. */
  readonly number?: number;
  readonly prevHash: string;
  readonly hash: string;
};

/** What is hashed: canonical JSON, keys sorted, of everything but `hash`. */
export function ledgerPreimage(entry: Omit<LedgerEntry, 'hash'>): string {
  const fields = Object.entries(entry)
    .filter(([key, value]) => value !== undefined && key !== 'hash')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`;
}

/** Entries that make a recording known for the first time; they give it its number. */
export const isFirstEntry = (kind: LedgerKind): boolean =>
  kind === 'opened' || kind === 'adopted' || kind === 'imported';
