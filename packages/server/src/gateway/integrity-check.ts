/**
 * Checks what the database says about the past: the audit log's chain, the ledger's chain, every signed head against
 * both, and the ledger against the files and the rows there are. Each finding names the entry or the recording.
 *
 * Which keys count: those given, else the first one the ledger names; and each key that a head signed by such a key
 * covers. So a key put into the database afterwards counts for nothing.
 */
import { fromBase64url } from '@sallyport/core/evidence/base64url.js';
import type { LedgerEntry } from '@sallyport/core/evidence/ledger-entry.js';
import { type ChainPoint, messageOf, type SignedHead } from '@sallyport/core/evidence/signed-head.js';
import type { SigningKey } from '@sallyport/core/evidence/signing-key.js';
import type { IntegrityFinding, IntegrityReport } from './integrity-report.js';
import { checkShelf, type ShelfParts } from './ledger-check.js';
import type { AuditLog } from './ports/audit-log.js';
import type { HeadLog } from './ports/head-log.js';
import type { RecordingLedger } from './ports/recording-ledger.js';

export interface IntegrityParts extends ShelfParts {
  readonly audit: AuditLog;
  readonly ledger: RecordingLedger;
  readonly headLogs: readonly HeadLog[];
  readonly ed25519: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean | Promise<boolean>;
}
export interface IntegrityOptions {
  /** Trusted from elsewhere. */
  readonly keys?: readonly SigningKey[];
  /** Heads that were kept elsewhere. */
  readonly heads?: readonly SignedHead[];
}

export async function checkIntegrity(parts: IntegrityParts, options: IntegrityOptions = {}): Promise<IntegrityReport> {
  const { audit, ledger } = parts;
  const findings: IntegrityFinding[] = [];
  const auditVerdict = await audit.verify();
  const ledgerVerdict = await ledger.verify();
  for (const [kind, { ok, badSeq, detail = '' }] of [
    ['audit', auditVerdict],
    ['ledger', ledgerVerdict],
  ] as const)
    if (!ok) findings.push({ kind, detail, ...(badSeq === undefined ? {} : { seq: badSeq }) });

  const entries: LedgerEntry[] = [];
  for await (const entry of ledger.stream(1)) entries.push(entry);
  const heads = await allHeads(parts.headLogs, options.heads ?? []);
  const { good, keyIds } = await trustedHeads(parts, heads, entries, options.keys, findings);

  const ledgerHashes = new Map(entries.map(({ seq, hash }) => [seq, hash]));
  const wanted = new Set(good.map(({ audit: { seq } }) => seq));
  const auditHashes = new Map<number, string>();
  const opened = new Map<string, number>();
  for await (const { seq, hash, action, target } of audit.stream(1)) {
    if (wanted.has(seq)) auditHashes.set(seq, hash);
    if (action === 'session.open' && target !== undefined) opened.set(target.replace(/^session:/, ''), seq);
  }
  findings.push(...contradicted('the audit log', good, ({ audit: point }) => point, auditHashes));
  findings.push(...contradicted('the ledger', good, ({ ledger: point }) => point, ledgerHashes));
  findings.push(...(await checkShelf(parts, entries, opened)));
  const last = good.at(-1);
  return {
    ok: findings.length === 0,
    audit: { entries: auditVerdict.entries, head: auditVerdict.head },
    ledger: {
      entries: ledgerVerdict.entries,
      recordings: entries.reduce((most, { number = 0 }) => Math.max(most, number), 0),
      head: ledgerVerdict.head,
    },
    heads: { count: good.length, ...(last === undefined ? {} : { last }) },
    keyIds,
    findings,
  };
}

/** Of all places, each once, in the order of the chains. */
async function allHeads(logs: readonly HeadLog[], given: readonly SignedHead[]): Promise<readonly SignedHead[]> {
  const heads = new Map<string, SignedHead>(given.map((head) => [JSON.stringify(head), head]));
  // A line that is no head was cut short by a crash; what it said stands in the other place, or in the next line.
  for (const log of logs)
    for await (const head of log.all()) if (typeof head !== 'string') heads.set(JSON.stringify(head), head);
  return [...heads.values()].sort((a, b) => a.ledger.seq - b.ledger.seq || a.audit.seq - b.audit.seq || a.at - b.at);
}

async function trustedHeads(
  { ed25519 }: IntegrityParts,
  heads: readonly SignedHead[],
  entries: readonly LedgerEntry[],
  given: readonly SigningKey[] | undefined,
  findings: IntegrityFinding[],
): Promise<{ good: readonly SignedHead[]; keyIds: readonly string[] }> {
  const announced = entries.flatMap((entry) =>
    entry.kind === 'key' ? { seq: entry.seq, id: entry.keyId, x: entry.x } : [],
  );
  const trusted = new Map((given ?? announced.slice(0, 1)).map(({ id, x }) => [id, x]));
  const good: SignedHead[] = [];
  const strangers = new Set<string>();
  let next = 0;
  for (const head of heads) {
    const x = trusted.get(head.keyId);
    const when = new Date(head.at).toISOString();
    if (x === undefined) {
      if (!strangers.has(head.keyId))
        findings.push({
          kind: 'head-key',
          detail: `heads from ${when} on are signed by ${head.keyId}, a key that no trusted key announced`,
        });
      strangers.add(head.keyId);
      continue;
    }
    const signed = messageOf(head);
    const publicKey = fromBase64url(x);
    if (
      signed === undefined ||
      publicKey === undefined ||
      !(await ed25519(publicKey, signed.message, signed.signature))
    ) {
      findings.push({ kind: 'head-signature', detail: `the head of ${when} was changed: its signature does not fit` });
      continue;
    }
    good.push(head);
    for (let key = announced[next]; key !== undefined && key.seq <= head.ledger.seq; key = announced[next]) {
      trusted.set(key.id, key.x);
      next += 1;
    }
  }
  return { good, keyIds: [...trusted.keys()] };
}

/** The first head that a chain contradicts, and the last before it that it does not. */
function contradicted(
  what: string,
  heads: readonly SignedHead[],
  pointOf: (head: SignedHead) => ChainPoint,
  hashes: ReadonlyMap<number, string>,
): IntegrityFinding[] {
  let agreed = 0;
  for (const head of heads) {
    const { seq, hash } = pointOf(head);
    if (seq === 0 || hashes.get(seq) === hash) {
      agreed = Math.max(agreed, seq);
      continue;
    }
    const when = new Date(head.at).toISOString();
    const detail = hashes.has(seq)
      ? `${what} was rewritten after entry ${agreed}: entry ${seq} is not the one signed at ${when}`
      : `${what} was cut or rolled back: entry ${seq}, signed at ${when}, is missing`;
    return [{ kind: 'head', seq: agreed + 1, detail }];
  }
  return [];
}
