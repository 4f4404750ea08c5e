/** What somebody wrote beside a moment of a recording. No evidence: it is told apart from what was recorded. */
export interface RecordingNote {
  readonly id: string;
  readonly sessionId: string;
  /** Milliseconds since the recording's start. */
  readonly atMs: number;
  /** Untrusted text: escape where shown (V33, V34). */
  readonly text: string;
  /** A copy of the name: the note outlives its author. */
  readonly author: string;
  readonly authorId: string;
  readonly createdAt: number;
}

export const MAX_NOTE_LENGTH = 2_000;
/** Of one recording. */
export const MAX_NOTES = 500;
