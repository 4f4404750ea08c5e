/** Append-only, hash-chained. `append` resolves when durable; entries of one process keep the order of the calls. */
import type { ChainVerdict } from '@sallyport/core/evidence/chain-verdict.js';
import type { ChainPoint } from '@sallyport/core/evidence/signed-head.js';
import type { AuditAction, AuditEntry, AuditEvent } from '@sallyport/core/model/audit.js';

export interface AuditQuery {
  readonly action?: AuditAction;
  readonly actor?: string;
  readonly target?: string;
  readonly limit: number;
  /** Entries before this seq (newest first), or undefined for the newest. */
  readonly before?: number;
}

export interface AuditLog {
  append(event: AuditEvent): Promise<AuditEntry>;
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
  /** Oldest first, from seq on; for tail and export. */
  stream(fromSeq: number): AsyncIterable<AuditEntry>;
  verify(): Promise<ChainVerdict>;
  /** Its last entry, as it is now. */
  head(): Promise<ChainPoint>;
}
