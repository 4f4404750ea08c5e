/** What a recording gives back: events in order, times never decreasing (X20). */
import type { TerminalSize } from '../model/session.js';

/** Where and why reading stopped before the end. What stands before it is whole. */
export interface Damage {
  /** Byte in the file at which the first chunk begins that could not be used. */
  readonly position: number;
  readonly detail: string;
}

export type RecordedEvent =
  | {
      readonly type: 'output';
      readonly atMs: number;
      /** Output bytes before this event. */
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'resize'; readonly atMs: number; readonly offset: number; readonly size: TerminalSize }
  | {
      /** What was typed, as the import's file had it. Sessions do not record it. */
      readonly type: 'input';
      readonly atMs: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: 'marker'; readonly atMs: number; readonly offset: number; readonly label: string }
  | {
      readonly type: 'end';
      readonly atMs: number;
      readonly offset: number;
      readonly exitCode?: number;
      /** The session was cut off: what follows was never written, or cannot be read. */
      readonly truncated?: boolean;
      readonly damage?: Damage;
    };
