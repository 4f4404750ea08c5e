/**
 * How long recordings are kept. A rule says: recordings of hosts with these labels, so many days. Of the rules that fit
 * a recording the longest wins, whatever their order, so no rule added later can shorten what another one promises;
 * a recording that no rule fits is kept for ever. The size goal comes after the rules: over it, the oldest go before
 * their time, except those a rule keeps even when full. Above all stand legal holds and the floor.
 */
export interface RetentionRule {
  /** Unique; stands in the audit row and in the ledger of what it deleted. */
  readonly name: string;
  /** All must be on the host, as they were when the session began. None: every recording. */
  readonly labels: Readonly<Record<string, string>>;
  /** Days after the session's end. Absent: for ever. */
  readonly days?: number;
  /** The size goal may not shorten it. */
  readonly evenWhenFull: boolean;
}

export interface RetentionPolicy {
  readonly rules: readonly RetentionRule[];
  /** The goal for all recordings together, with their indexes. Absent: no goal. */
  readonly maxBytes?: number;
}

/** Until an administrator decides, nothing is deleted. */
export const KEEP_EVERYTHING: RetentionPolicy = { rules: [] };
/** The name under which the size goal deletes; no rule may have it. */
export const SIZE_GOAL = 'size-goal';

export const HOLD_SUBJECTS = ['recording', 'user', 'host'] as const;
export type HoldSubject = (typeof HOLD_SUBJECTS)[number];

/** LegalHold: nothing it covers is deleted, by anybody, until it is lifted by name. */
export interface LegalHold {
  readonly id: string;
  /** On a user or a host it covers all recordings there are and those still to come. */
  readonly subject: HoldSubject;
  readonly subjectId: string;
  readonly reason: string;
  readonly by: string;
  readonly byId?: string;
  readonly at: number;
  readonly lifted?: { readonly by: string; readonly byId?: string; readonly at: number; readonly reason: string };
}

/**
 * Deletion: what stays of a recording that was deleted. `marked`: decided, and no longer shown; `logged`: the audit row
 * and the ledger say so; `done`: key, file and index are gone.
 */
export interface RecordingDeletion {
  readonly sessionId: string;
  readonly at: number;
  /** User name, or `system` when a rule did it. */
  readonly by: string;
  readonly byId?: string;
  readonly source: string;
  readonly rule?: string;
  readonly reason: string;
  readonly bytes: number;
  /** Head of the chain of what was deleted, hex. */
  readonly head?: string;
  readonly state: 'marked' | 'logged' | 'done';
}

/** What retention knows of a recording. */
export interface KeptRecording {
  readonly sessionId: string;
  readonly userId: string;
  readonly hostId: string;
  readonly labels: Readonly<Record<string, string>>;
  /** When it was complete here: the session's end, or the import. Absent: the session runs. */
  readonly since?: number;
}
