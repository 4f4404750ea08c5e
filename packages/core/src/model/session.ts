import type { ImportOrigin } from './import-origin.js';
import type { ProblemCode } from './problem.js';

/** Session: one principal on one target (S12-S18). The row exists before the first byte. */
export type SessionState = 'opening' | 'live' | 'ending' | 'ended' | 'failed';

/** Why somebody ended another's session, in a word; the rest is text. */
export const END_PRESETS = ['policy', 'security', 'maintenance', 'mistake', 'other'] as const;
export type EndPreset = (typeof END_PRESETS)[number];

/** Why a session is over. One value, decided once, shown to every party and stored in the row. */
export type EndReason =
  | { readonly kind: 'remote-exit'; readonly exitCode?: number; readonly signal?: string }
  | { readonly kind: 'closed-by-user' }
  | { readonly kind: 'client-lost' } // the page did not come back within the resume window
  | { readonly kind: 'target-lost'; readonly detail?: string }
  | { readonly kind: 'idle-limit'; readonly limitMs: number }
  | { readonly kind: 'time-limit'; readonly limitMs: number }
  | { readonly kind: 'ended-by-admin'; readonly by: string; readonly reason: string; readonly preset?: EndPreset }
  /** A block, a lost right or a check took the right away while it ran: the code of the refusal, as of a new connection. */
  | {
      readonly kind: 'ended-by-policy';
      readonly code: ProblemCode;
      readonly params?: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'recording-failed'; readonly detail: string }
  | { readonly kind: 'unwatched' } // its host requires a watcher, and none came back in time (V26)
  | { readonly kind: 'interrupted' } // the gateway died; found by the lease (W8)
  | { readonly kind: 'shutdown' }
  | { readonly kind: 'imported' } // no session of this gateway: a file somebody brought
  | { readonly kind: 'failed'; readonly code: ProblemCode; readonly params?: Readonly<Record<string, string>> };
export type EndReasonKind = EndReason['kind'];

export interface TerminalSize {
  readonly cols: number;
  readonly rows: number;
}
export const SIZE_MIN = 1;
export const SIZE_MAX = 1000;
/** X6: the size when the client names none. */
export const DEFAULT_SIZE: TerminalSize = { cols: 80, rows: 24 };

/** Clamps anything numeric into 1..1000; not-a-number gives the default (F15). */
export function clampSize(cols: unknown, rows: unknown): TerminalSize {
  const one = (value: unknown, fallback: number): number => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return fallback;
    return Math.min(SIZE_MAX, Math.max(SIZE_MIN, Math.trunc(value)));
  };
  return { cols: one(cols, DEFAULT_SIZE.cols), rows: one(rows, DEFAULT_SIZE.rows) };
}

export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly userName: string;
  readonly hostId: string;
  readonly hostName: string;
  readonly hostAddress: string;
  /** As they were when the session began: what retention goes by, whatever becomes of the host. */
  readonly hostLabels?: Readonly<Record<string, string>>;
  readonly accountId: string;
  readonly login: string;
  readonly sourceAddress: string;
  readonly state: SessionState;
  /** Size at the start (S17). */
  readonly cols: number;
  readonly rows: number;
  readonly createdAt: number;
  readonly liveAt?: number;
  readonly endedAt?: number;
  readonly endReason?: EndReason;
  readonly outputBytes: number;
  /** The node that owns it, and until when its lease holds (UTC ms). */
  readonly nodeId: string;
  readonly leaseUntil: number;
  /** Set: an imported recording. Then user is who imported it, host is what the file calls itself. */
  readonly origin?: ImportOrigin;
}

/** Recording: what a session left (S2, S11: found by the session's id). */
export interface Recording {
  readonly sessionId: string;
  readonly state: 'writing' | 'complete' | 'truncated' | 'missing';
  readonly sizeBytes: number;
  readonly durationMs: number;
  readonly outputBytes: number;
  /** Hex SHA-256 of the last sealed chunk: the head of the chain. */
  readonly head?: string;
  /** Its events are encrypted on disk. */
  readonly encrypted?: true;
}
