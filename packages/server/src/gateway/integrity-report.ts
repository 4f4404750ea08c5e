/** What a check of the whole past found. Kinds are stable; words are not. */
import type { SignedHead } from '@sallyport/core/evidence/signed-head.js';

export const INTEGRITY_KINDS = [
  'audit', // an entry of the audit log
  'ledger', // an entry of the ledger
  'head', // a chain contradicts a signed head
  'head-signature',
  'head-key', // signed by a key nothing leads to
  'recording-missing',
  'recording-changed',
  'recording-open', // over, and the ledger knows no end
  'recording-unlisted',
  'session-missing',
] as const;
export interface IntegrityFinding {
  readonly kind: (typeof INTEGRITY_KINDS)[number];
  readonly detail: string;
  readonly seq?: number;
  readonly sessionId?: string;
  /** The recording's number. */
  readonly number?: number;
}
export interface IntegrityReport {
  readonly ok: boolean;
  readonly audit: { readonly entries: number; readonly head: string };
  readonly ledger: { readonly entries: number; readonly recordings: number; readonly head: string };
  readonly heads: { readonly count: number; readonly last?: SignedHead };
  readonly keyIds: readonly string[];
  readonly findings: readonly IntegrityFinding[];
}
