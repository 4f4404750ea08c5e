/** What a verification found: where, in bytes and in the session's time, and in words. Kinds are stable; words are not. */
import type { Occasion } from './signature.js';

export const FINDING_KINDS = [
  'not-a-recording',
  'changed', // bytes that are not those that were written
  'cut', // the file ends within a chunk
  'removed', // chunks are missing
  'moved', // a chunk stands elsewhere than it was written
  'inserted', // bytes or a chunk that do not belong here
  'rewritten', // two chunks, each whole, that do not follow each other
  'no-seal', // the end is missing, or it is still being written
  'unsigned', // what stands after the last signature, or all of it
  'bad-signature',
  'unknown-key',
  'key-not-in-force', // signed at a time at which its key did not sign
  'other-recording', // not the recording that was asked for
  'missing', // the ledger knows it, and there is no file
  'unlisted', // the ledger does not know it
  'ledger-differs', // it is not the file that the ledger says it was
  'row-differs', // it names other people or hosts than the session's row
  'more', // there is more damage than is listed
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  readonly kind: FindingKind;
  /** Number of the chunk, and how many from it on. */
  readonly chunk?: number;
  readonly chunks?: number;
  /** Bytes of the file [from, to). Equal where something is missing. */
  readonly from: number;
  readonly to: number;
  /** Microseconds since the recording's start; until absent: unknown. */
  readonly fromUs: number;
  readonly toUs?: number;
  readonly detail: string;
}

export interface SignatureFacts {
  /** Good ones. */
  readonly count: number;
  /** Keys that made them, in order of first use. */
  readonly keyIds: readonly string[];
  /** The last good one: all before it is vouched for. */
  readonly last?: {
    readonly keyId: string;
    readonly occasion: Occasion;
    /** UTC ms, by the signer's clock. */
    readonly signedAt: number;
    /** Number of its chunk, and where that begins. */
    readonly chunk: number;
    readonly position: number;
    readonly us: number;
  };
}

export interface RecordingReport {
  /** Nothing was found. */
  readonly ok: boolean;
  /** `open`: it has no seal. */
  readonly state: 'complete' | 'truncated' | 'open';
  readonly sessionId?: string;
  readonly startedAt?: number;
  readonly userName?: string;
  readonly hostName?: string;
  readonly login?: string;
  readonly bytes: number;
  readonly chunks: number;
  readonly durationMs: number;
  readonly outputBytes: number;
  /** Hex; hash of the last chunk. */
  readonly head: string;
  readonly signatures: SignatureFacts;
  readonly findings: readonly Finding[];
}

/** `1:02:03.250`, as a player shows it. */
export function sessionTime(us: number): string {
  const ms = Math.floor(us / 1000);
  const two = (n: number): string => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(ms / 3_600_000), Math.floor(ms / 60_000) % 60, Math.floor(ms / 1000) % 60];
  return `${h > 0 ? `${h}:${two(m)}` : m}:${two(s)}.${String(ms % 1000).padStart(3, '0')}`;
}

/** One line for a terminal or a log. */
export function describeFinding({ kind, chunk, chunks = 1, from, to, fromUs, toUs, detail }: Finding): string {
  const which =
    chunk === undefined ? '' : chunks > 1 ? `, chunks ${chunk} to ${chunk + chunks - 1}` : `, chunk ${chunk}`;
  const where = to > from ? `bytes ${from} to ${to - 1}` : `at byte ${from}`;
  const time = toUs === undefined ? `from ${sessionTime(fromUs)} on` : `${sessionTime(fromUs)} to ${sessionTime(toUs)}`;
  return `${kind}: ${detail} (${where}${which}, session time ${time})`;
}
