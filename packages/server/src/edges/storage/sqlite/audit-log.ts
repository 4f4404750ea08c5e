/**
 * The audit log's table. Appends go to disk in groups (append-queue.ts). The transaction takes the write lock before it
 * reads the head, so that two processes (the server and the command line) cannot fork the chain.
 */
import type { AuditAction, AuditEntry, AuditEvent, AuditResult } from '@sallyport/core/model/audit.js';
import type { Kysely, Selectable } from 'kysely';
import type { AuditLog, AuditQuery, AuditVerdict } from '../../../gateway/ports/audit-log.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import { createAppendQueue } from './append-queue.js';
import { breach, CHAIN_START, type ChainHead, chained, storable } from './audit-chain.js';
import type { Database } from './database.js';
import type { AuditTable, Schema } from './schema.js';

const HEAD = 'audit.head';
const PAGE_ROWS = 500;
interface Waiting {
  readonly event: AuditEvent;
  readonly at: number;
}

export function createSqliteAuditLog(db: Database, clock: Clock): AuditLog {
  const { query } = db;
  const append = createAppendQueue('the audit log', (group: readonly Waiting[]) =>
    query.transaction().execute((tx) => write(tx, group)),
  );

  return {
    append: (event) => append({ event: storable(event), at: clock.now() }),
    head: () => readHead(query),

    async list({ action, actor, target, limit, before }: AuditQuery) {
      let rows = query.selectFrom('audit').selectAll();
      if (action !== undefined) rows = rows.where('action', '=', action);
      if (actor !== undefined) rows = rows.where('actor', '=', actor);
      if (target !== undefined) rows = rows.where('target', '=', target);
      if (before !== undefined) rows = rows.where('seq', '<', before);
      return (await rows.orderBy('seq', 'desc').limit(limit).execute()).map(toEntry);
    },

    async *stream(fromSeq) {
      for (let from = fromSeq; ; ) {
        const page = await pageFrom(query, from);
        yield* page;
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE_ROWS) return;
        from = last.seq + 1;
      }
    },

    async verify() {
      let head = CHAIN_START;
      for (;;) {
        const page = await pageFrom(query, head.seq + 1);
        const walked = walk(head, page);
        if ('verdict' in walked) return walked.verdict;
        head = walked.head;
        if (page.length === PAGE_ROWS) continue;
        // The end: the last rows and the head from one transaction, so that no append falls between the two.
        const from = head;
        const end = await query.transaction().execute(async (tx) => ({
          rows: await pageFrom(tx, from.seq + 1),
          head: await readHead(tx),
        }));
        const rest = walk(from, end.rows);
        if ('verdict' in rest) return rest.verdict;
        head = rest.head;
        if (end.rows.length < PAGE_ROWS) return compare(rest.head, end.head);
      }
    },
  };
}

async function write(tx: Kysely<Schema>, group: readonly Waiting[]): Promise<readonly AuditEntry[]> {
  let head = await readHead(tx);
  const entries = group.map(({ at, event }) => {
    const entry = chained(head, at, event);
    head = entry;
    return entry;
  });
  await tx.insertInto('audit').values(entries.map(toRow)).execute();
  const value = `${head.seq} ${head.hash}`;
  await tx
    .insertInto('meta')
    .values({ key: HEAD, value })
    .onConflict((c) => c.column('key').doUpdateSet({ value }))
    .execute();
  return entries;
}

async function readHead(tx: Kysely<Schema>): Promise<ChainHead> {
  const row = await tx.selectFrom('meta').select('value').where('key', '=', HEAD).executeTakeFirst();
  if (row === undefined) return CHAIN_START;
  const [seq = '', hash = ''] = row.value.split(' ');
  return { seq: Number(seq), hash };
}

async function pageFrom(tx: Kysely<Schema>, seq: number): Promise<readonly AuditEntry[]> {
  const rows = tx.selectFrom('audit').selectAll().where('seq', '>=', seq).orderBy('seq').limit(PAGE_ROWS);
  return (await rows.execute()).map(toEntry);
}

function walk(head: ChainHead, page: readonly AuditEntry[]): { head: ChainHead } | { verdict: AuditVerdict } {
  let last = head;
  for (const entry of page) {
    const bad = breach(last, entry);
    if (bad !== undefined) return { verdict: { ok: false, entries: last.seq, head: last.hash, ...bad } };
    last = { seq: entry.seq, hash: entry.hash };
  }
  return { head: last };
}

function compare(last: ChainHead, head: ChainHead): AuditVerdict {
  const verdict = { entries: last.seq, head: last.hash };
  if (last.seq === head.seq && last.hash === head.hash) return { ok: true, ...verdict };
  if (last.seq < head.seq) {
    const detail = `entries ${last.seq + 1} to ${head.seq} are missing from the end`;
    return { ok: false, badSeq: last.seq + 1, detail, ...verdict };
  }
  return { ok: false, badSeq: last.seq, detail: `entry ${last.seq} is not the one that was written last`, ...verdict };
}

function toRow(entry: AuditEntry): AuditTable {
  return {
    seq: entry.seq,
    at: entry.at,
    action: entry.action,
    result: entry.result,
    actor: entry.actor,
    actor_id: entry.actorId ?? null,
    source: entry.source,
    target: entry.target ?? null,
    detail: entry.detail === undefined ? null : JSON.stringify(entry.detail),
    prev_hash: entry.prevHash,
    hash: entry.hash,
  };
}

function toEntry(row: Selectable<AuditTable>): AuditEntry {
  return {
    seq: row.seq,
    at: row.at,
    action: row.action as AuditAction,
    result: row.result as AuditResult,
    actor: row.actor,
    ...(row.actor_id === null ? {} : { actorId: row.actor_id }),
    source: row.source,
    ...(row.target === null ? {} : { target: row.target }),
    ...(row.detail === null ? {} : { detail: readDetail(row.detail) }),
    prevHash: row.prev_hash,
    hash: row.hash,
  };
}

/** Somebody may have written anything there; `verify` must name the entry, not fall over it. */
function readDetail(raw: string): NonNullable<AuditEvent['detail']> {
  try {
    return JSON.parse(raw) as NonNullable<AuditEvent['detail']>;
  } catch {
    return { unreadable: raw };
  }
}
