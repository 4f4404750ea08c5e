/**
 * The signed ledger of recordings: append-only, hash-chained, numbered. It says which recordings there must be.
 * `append` resolves when durable. Entries that would repeat what the ledger says already (the second `deleted` of a
 * recording, a second end) are not written again: the one that stands is answered.
 */
import type { ChainVerdict } from '@sallyport/core/evidence/chain-verdict.js';
import type { LedgerEntry, LedgerEvent } from '@sallyport/core/evidence/ledger-entry.js';
import type { ChainPoint } from '@sallyport/core/evidence/signed-head.js';

export interface RecordingLedger {
  append(event: LedgerEvent): Promise<LedgerEntry>;
  /** Oldest first. */
  of(sessionId: string): Promise<readonly LedgerEntry[]>;
  /** Oldest first, from seq on. */
  stream(fromSeq: number): AsyncIterable<LedgerEntry>;
  head(): Promise<ChainPoint>;
  verify(): Promise<ChainVerdict>;
}
