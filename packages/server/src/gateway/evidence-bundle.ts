/**
 * Makes evidence bundles (core/evidence/evidence-bundle.ts) as streams: at any time one piece of the container is in
 * memory, and the rows of one recording. What is asked of the stores is asked when the stream begins, so that the entry
 * of this very download is in it.
 */
import { toBase64url } from '@sallyport/core/evidence/base64url.js';
import {
  DATA_PLACE,
  type EvidenceFacts,
  factsBlock,
  MAX_AUDIT_ROWS,
  MAX_CONTAINER_BYTES,
  PIECE_BYTES,
  pieceBlock,
} from '@sallyport/core/evidence/evidence-bundle.js';
import type { SignedHead } from '@sallyport/core/evidence/signed-head.js';
import { signingKeyJwk } from '@sallyport/core/evidence/signing-key.js';
import type { AuditEntry } from '@sallyport/core/model/audit.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { Recording, Session } from '@sallyport/core/model/session.js';
import type { Evidence } from './evidence.js';
import type { AuditLog } from './ports/audit-log.js';
import type { Clock } from './ports/clock.js';
import type { RecordingKeys } from './ports/recording-keys.js';
import type { RecordingLedger } from './ports/recording-ledger.js';
import type { RecordingStore } from './ports/recording-store.js';
import type { SessionStore } from './ports/session-store.js';

const MIB = 1024 * 1024;
const HEADS_LOOKED_AT = 1_000;
const AUDIT_PAGE_ROWS = 500;

export interface BundleMaker {
  readonly name: string;
  /** Audit rows tell who looked at it, and from where. */
  readonly readsAudit: boolean;
}
export interface EvidenceBundler {
  /** The file's text, piece by piece; a refusal says what to do instead. */
  make(sessionId: string, by: BundleMaker): Promise<Result<AsyncIterable<string>>>;
}
export interface BundlerDeps {
  readonly sessions: SessionStore;
  readonly recordings: RecordingStore;
  readonly recordingKeys: RecordingKeys;
  readonly ledger: RecordingLedger;
  readonly audit: AuditLog;
  readonly evidence: Pick<Evidence, 'keys' | 'heads'>;
  readonly clock: Clock;
  /** So that what the bundle holds is under a signature: the newest entries too. */
  signHeads(): Promise<unknown>;
  readonly version: string;
  /** The page without its data; undefined: it was not built. */
  page(): Promise<string | undefined>;
}

export function createEvidenceBundler(deps: BundlerDeps): EvidenceBundler {
  const { sessions, recordings, recordingKeys, ledger, evidence, clock } = deps;

  async function facts(session: Session, recording: Recording, by: BundleMaker): Promise<EvidenceFacts> {
    const { id } = session;
    const { nodeId: _node, leaseUntil: _lease, ...told } = session;
    const entries = await ledger.of(id);
    const endedIn = entries.findLast((entry) => 'state' in entry)?.seq ?? Number.POSITIVE_INFINITY;
    const rows = by.readsAudit ? await auditRows(deps.audit, id) : undefined;
    await deps.signHeads();
    const key = recording.encrypted === true ? await recordingKeys.find(id) : undefined;
    const made: EvidenceFacts = {
      version: 1,
      madeAt: clock.now(),
      madeBy: by.name,
      gateway: deps.version,
      session: told,
      recording,
      ledger: entries,
      heads: headsSince(await evidence.heads(HEADS_LOOKED_AT), endedIn),
      keys: (await evidence.keys()).map(signingKeyJwk),
      ...(rows && {
        audit: {
          entries: rows.slice(0, MAX_AUDIT_ROWS).reverse(),
          leftOut: Math.max(0, rows.length - MAX_AUDIT_ROWS),
        },
      }),
      ...(key === undefined ? {} : { contentKey: toBase64url(key) }),
    };
    key?.fill(0);
    return made;
  }

  async function* text(page: string, session: Session, recording: Recording, by: BundleMaker): AsyncGenerator<string> {
    const [head = '', tail = ''] = page.split(DATA_PLACE);
    yield head;
    yield factsBlock(await facts(session, recording, by));
    const { sizeBytes } = recording;
    for (let at = 0; at < sizeBytes; at += PIECE_BYTES) {
      const end = Math.min(sizeBytes, at + PIECE_BYTES);
      yield pieceBlock((await whole(session.id, at, end)).toString('base64'), end - at);
    }
    yield tail;
  }
  async function whole(id: string, start: number, end: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for (let at = start; at < end; ) {
      const part = await recordings.readRaw(id, at, end);
      if (part.length === 0) throw new Error('the recording is shorter than it was');
      parts.push(part);
      at += part.length;
    }
    return Buffer.concat(parts);
  }

  return {
    async make(sessionId, by) {
      const [session, recording] = [await sessions.get(sessionId), await recordings.describe(sessionId)];
      if (session === undefined || recording === undefined || recording.state === 'missing')
        return fail('recording.missing');
      if (recording.state === 'writing' || session.endedAt === undefined) return fail('evidence.running');
      if (recording.sizeBytes > MAX_CONTAINER_BYTES) {
        const megabytes = String(Math.ceil(recording.sizeBytes / MIB));
        return fail('evidence.too-large', { megabytes, most: String(MAX_CONTAINER_BYTES / MIB) });
      }
      if (recording.encrypted === true) {
        const key = await recordingKeys.find(sessionId);
        if (key === undefined) return fail('recording.no-key');
        key.fill(0);
      }
      const page = await deps.page();
      if (page === undefined || !page.includes(DATA_PLACE)) return fail('evidence.no-page');
      return ok(text(page, session, recording, by));
    },
  };
}

/** Newest first, one more than fits at most per kind of target. */
async function auditRows(audit: AuditLog, id: string): Promise<readonly AuditEntry[]> {
  const rows: AuditEntry[] = [];
  for (const target of [`session:${id}`, `recording:${id}`]) {
    let before: number | undefined;
    for (let count = 0; count <= MAX_AUDIT_ROWS; ) {
      const page = await audit.list({ target, limit: AUDIT_PAGE_ROWS, ...(before === undefined ? {} : { before }) });
      rows.push(...page);
      count += page.length;
      before = page.at(-1)?.seq;
      if (page.length < AUDIT_PAGE_ROWS) break;
    }
  }
  return rows.sort((a, b) => b.seq - a.seq);
}

/** The first head that covers the recording's end, and the newest one. */
function headsSince(heads: readonly SignedHead[], seq: number): readonly SignedHead[] {
  const since = heads.filter(({ ledger }) => ledger.seq >= seq);
  const [first, last] = [since[0], since.at(-1)];
  return first === undefined ? [] : last === undefined || last === first ? [first] : [first, last];
}
