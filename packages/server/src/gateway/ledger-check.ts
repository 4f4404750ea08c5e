/** The ledger against what there is: each recording's file as the ledger says it ended, and each session's row. */
import type { LedgerEntry } from '@sallyport/core/evidence/ledger-entry.js';
import type { IntegrityFinding } from './integrity-report.js';
import type { Clock } from './ports/clock.js';
import type { RecordingShelf } from './ports/recording-shelf.js';
import type { RecordingStore } from './ports/recording-store.js';
import type { SessionStore } from './ports/session-store.js';

export interface ShelfParts {
  readonly recordings: RecordingStore;
  readonly shelf: RecordingShelf;
  readonly sessions: SessionStore;
  readonly clock: Clock;
}

const PAGE = 500;
/** The end of a session and the entry of it are not one moment. */
const PATIENCE_MS = 60_000;

export async function checkShelf(
  { recordings, shelf, sessions, clock }: ShelfParts,
  entries: readonly LedgerEntry[],
  /** Sessions that the audit log says were opened, with the entry's number. */
  opened: ReadonlyMap<string, number>,
): Promise<readonly IntegrityFinding[]> {
  const findings: IntegrityFinding[] = [];
  // Files first: one that is listed meanwhile is then known, one that is deleted meanwhile is asked again.
  const files = new Set<string>();
  for await (const { sessionId, recorded } of shelf.all()) if (recorded) files.add(sessionId);
  const rows = await endsOf(sessions);
  const bySession = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    if (entry.kind === 'key') continue;
    const known = bySession.get(entry.sessionId);
    if (known === undefined) bySession.set(entry.sessionId, [entry]);
    else known.push(entry);
  }

  for (const [sessionId, told] of bySession) {
    const number = told.find((entry) => entry.number !== undefined)?.number;
    const which = { sessionId, ...(number === undefined ? {} : { number }) };
    const name = `recording ${number ?? '?'} (session ${sessionId})`;
    const since = new Date(told[0]?.at ?? 0).toISOString();
    if (!rows.has(sessionId))
      findings.push({
        kind: 'session-missing',
        ...which,
        detail: `the row of the session of ${name}, begun ${since}, is missing`,
      });
    if (told.some(({ kind }) => kind === 'deleted')) continue;
    const found = await recordings.describe(sessionId);
    if (found === undefined || found.state === 'missing') {
      const gone = await shelf.find(sessionId);
      if (gone?.recorded !== true)
        findings.push({
          kind: 'recording-missing',
          ...which,
          detail: `the file of ${name}, begun ${since}, is missing`,
        });
      continue;
    }
    if (found.state === 'writing') continue;
    const end = told.findLast((entry) => 'state' in entry);
    if (end === undefined || !('state' in end)) {
      const ended = rows.get(sessionId);
      if (ended !== undefined && ended < clock.now() - PATIENCE_MS)
        findings.push({ kind: 'recording-open', ...which, detail: `the ledger knows no end of ${name}` });
    } else if (end.head !== found.head || end.bytes !== found.sizeBytes) {
      const detail = `${name} is not the file that ended ${new Date(end.at).toISOString()}: its head or its size differs`;
      findings.push({ kind: 'recording-changed', ...which, detail });
    }
  }
  for (const sessionId of files) {
    if (bySession.has(sessionId)) continue;
    // Begun while we looked: its file stands before its entry.
    if ((await recordings.describe(sessionId))?.state === 'writing') continue;
    findings.push({
      kind: 'recording-unlisted',
      sessionId,
      detail: `the ledger knows no recording of session ${sessionId}`,
    });
  }
  for (const [sessionId, seq] of opened) {
    if (rows.has(sessionId) || bySession.has(sessionId)) continue;
    const detail = `the row of session ${sessionId}, opened in audit entry ${seq}, is missing`;
    findings.push({ kind: 'session-missing', sessionId, seq, detail });
  }
  return findings;
}

/** All sessions; when each ended, undefined for those that are not over. */
async function endsOf(sessions: SessionStore): Promise<ReadonlyMap<string, number | undefined>> {
  const ends = new Map<string, number | undefined>();
  let cursor: string | undefined;
  do {
    const page = await sessions.list({ limit: PAGE, sort: 'createdAt', ...(cursor === undefined ? {} : { cursor }) });
    for (const { id, endedAt } of page.items) ends.set(id, endedAt);
    cursor = page.next;
  } while (cursor !== undefined);
  return ends;
}
