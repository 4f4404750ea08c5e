/** What the walk along a hash-chained log found: the audit log and the ledger of recordings are such logs. */
export interface ChainVerdict {
  readonly ok: boolean;
  /** Sound ones, from the first on. */
  readonly entries: number;
  /** The hash of the last sound one, hex. */
  readonly head: string;
  readonly badSeq?: number;
  readonly detail?: string;
}
