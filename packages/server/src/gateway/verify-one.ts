/**
 * Verifies one recording against everything that is known of it: its own chain and signatures, its entry in the ledger,
 * the session's row. One at a time, so that checking never takes more than one core; who asks while the same one waits for
 * its turn gets that answer. INVARIANT: no answer is older than its question: a file that was changed a moment ago, to the
 * same length, must not be called whole.
 */
import type { Finding, RecordingReport } from '@sallyport/core/cast/recording-report.js';
import { type VerifyTools, verifyRecording } from '@sallyport/core/cast/verify-recording.js';
import type { LedgerEntry } from '@sallyport/core/evidence/ledger-entry.js';
import type { SigningKey } from '@sallyport/core/evidence/signing-key.js';
import type { Recording, Session } from '@sallyport/core/model/session.js';
import type { Clock } from './ports/clock.js';
import type { RecordingLedger } from './ports/recording-ledger.js';
import type { RecordingStore } from './ports/recording-store.js';
import type { SessionStore } from './ports/session-store.js';

export interface RecordingVerdict extends RecordingReport {
  /** Still being written. */
  readonly growing: boolean;
  /** The recording's number in the ledger. */
  readonly number?: number;
  /** UTC ms. */
  readonly verifiedAt: number;
}
export interface VerifyParts {
  readonly recordings: RecordingStore;
  readonly ledger: RecordingLedger;
  readonly sessions: SessionStore;
  readonly keys: () => Promise<readonly SigningKey[]>;
  readonly tools: VerifyTools;
  readonly clock: Clock;
}

/** undefined: there is neither a file nor an entry of it. */
export function createRecordingVerifier(parts: VerifyParts): (id: string) => Promise<RecordingVerdict | undefined> {
  const { recordings, ledger, sessions, clock } = parts;
  const waiting = new Map<string, Promise<RecordingVerdict | undefined>>();
  let turn: Promise<unknown> = Promise.resolve();

  async function verify(sessionId: string): Promise<RecordingVerdict | undefined> {
    const [found, entries, row] = [
      await recordings.describe(sessionId),
      await ledger.of(sessionId),
      await sessions.get(sessionId),
    ];
    const number = entries.find((entry) => entry.number !== undefined)?.number;
    const common = { verifiedAt: clock.now(), ...(number === undefined ? {} : { number }) };
    if (found === undefined || found.state === 'missing') {
      if (entries.length === 0 || entries.some(({ kind }) => kind === 'deleted')) return undefined;
      return { ...absent(entries), ...common };
    }
    // By the row too: somebody else may be writing it.
    const growing = found.state === 'writing' || (row !== undefined && row.endedAt === undefined);
    const source = {
      size: found.sizeBytes,
      read: (start: number, end: number) => recordings.readRaw(sessionId, start, end),
    };
    const options = { keys: await parts.keys(), sessionId, growing };
    const report = await verifyRecording(source, parts.tools, options);
    const findings = [...report.findings.filter((one) => !vouched(one, report, entries))];
    findings.push(...againstLedger(report, found, entries), ...againstRow(report, row));
    return { ...report, ...common, ok: findings.length === 0, findings, growing };
  }

  return (sessionId) => {
    const before = waiting.get(sessionId);
    if (before !== undefined) return before;
    const mine = turn.then(() => {
      waiting.delete(sessionId);
      return verify(sessionId);
    });
    waiting.set(sessionId, mine);
    turn = mine.catch(() => {});
    return mine;
  };
}

/** A recording from before there were signatures: the signed ledger holds its head. */
const vouched = ({ kind }: Finding, report: RecordingReport, entries: readonly LedgerEntry[]): boolean =>
  kind === 'unsigned' &&
  report.signatures.count === 0 &&
  entries.some((entry) => entry.kind === 'adopted' && entry.head === report.head);

function againstLedger(report: RecordingReport, found: Recording, entries: readonly LedgerEntry[]): Finding[] {
  const whole = { from: 0, to: report.bytes, fromUs: 0, toUs: report.durationMs * 1000 };
  if (entries.length === 0) return [{ kind: 'unlisted', ...whole, detail: 'the ledger knows no such recording' }];
  const end = entries.findLast((entry) => 'state' in entry);
  if (end === undefined || !('state' in end) || found.state === 'writing') return [];
  if (end.head === report.head && end.bytes === report.bytes) return [];
  const when = new Date(end.at).toISOString();
  const detail = `the ledger says since ${when}: ${end.bytes} bytes, head ${end.head}`;
  return [{ kind: 'ledger-differs', ...whole, detail }];
}

function againstRow(report: RecordingReport, row: Session | undefined): Finding[] {
  const at = { from: 0, to: 0, fromUs: 0, toUs: 0 };
  if (row === undefined) return [{ kind: 'row-differs', ...at, detail: 'the session’s row is missing' }];
  if (report.sessionId === undefined) return [];
  const same = (['userName', 'hostName', 'login'] as const).filter((field) => report[field] !== row[field]);
  return same.map((field) => ({
    kind: 'row-differs',
    ...at,
    detail: `${field} is “${report[field]}” in the recording, and “${row[field]}” in the session’s row`,
  }));
}

function absent(entries: readonly LedgerEntry[]): Omit<RecordingVerdict, 'verifiedAt'> {
  const first = entries[0];
  const since = first === undefined ? '' : ` since ${new Date(first.at).toISOString()}`;
  const detail = `the ledger knows it${since}, and there is no file`;
  return {
    ok: false,
    growing: false,
    state: 'open',
    bytes: 0,
    chunks: 0,
    durationMs: 0,
    outputBytes: 0,
    head: '',
    signatures: { count: 0, keyIds: [] },
    findings: [{ kind: 'missing', from: 0, to: 0, fromUs: 0, detail }],
  };
}
