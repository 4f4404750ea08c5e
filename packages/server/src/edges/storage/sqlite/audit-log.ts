/**
 * The audit log's table. Appends go to disk in groups (append-queue.ts). The transaction takes the write lock before it
 * reads the head, so that two processes (the server and the command line) cannot fork the chain.
 */
import type { AuditAction, AuditEntry, AuditEvent, AuditResult } from '@sallyport/core/model/audit.js';
import type { Kysely, Selectable } from 'kysely';
import type { AuditLog, AuditQuery } from '../../../gateway/ports/audit-log.js';
import type { Clock } from '../../../gateway/ports/clock.js';
import { createAppendQueue } from './append-queue.js';
import { breach, chained, storable } from './audit-chain.js';
import { type ChainTable, createChainTable, PAGE_ROWS } from './chain-table.js';
import type { Database } from './database.js';
import type { AuditTable, Schema } from './schema.js';

interface Waiting {
  readonly event: AuditEvent;
  readonly at: number;
}

export function createSqliteAuditLog(db: Database, clock: Clock): AuditLog {
  const { query } = db;
  const chain = createChainTable(query, {
    key: 'audit.head',
    ...{ entry: 'entry', entries: 'entries' },
    pageFrom,
    breach,
  });
  const append = createAppendQueue('the audit log', (group: readonly Waiting[]) =>
    query.transaction().execute((tx) => write(tx, chain, group)),
  );

  return {
    append: (event) => append({ event: storable(event), at: clock.now() }),
    head: () => chain.readHead(query),
    stream: chain.stream,
    verify: chain.verify,

    async list({ action, actor, target, limit, before }: AuditQuery) {
      let rows = query.selectFrom('audit').selectAll();
      if (action !== undefined) rows = rows.where('action', '=', action);
      if (actor !== undefined) rows = rows.where('actor', '=', actor);
      if (target !== undefined) rows = rows.where('target', '=', target);
      if (before !== undefined) rows = rows.where('seq', '<', before);
      return (await rows.orderBy('seq', 'desc').limit(limit).execute()).map(toEntry);
    },
  };
}

async function write(
  tx: Kysely<Schema>,
  chain: ChainTable<AuditEntry>,
  group: readonly Waiting[],
): Promise<readonly AuditEntry[]> {
  let head = await chain.readHead(tx);
  const entries = group.map(({ at, event }) => {
    const entry = chained(head, at, event);
    head = entry;
    return entry;
  });
  await tx.insertInto('audit').values(entries.map(toRow)).execute();
  await chain.writeHead(tx, head);
  return entries;
}

async function pageFrom(tx: Kysely<Schema>, seq: number): Promise<readonly AuditEntry[]> {
  const rows = tx.selectFrom('audit').selectAll().where('seq', '>=', seq).orderBy('seq').limit(PAGE_ROWS);
  return (await rows.execute()).map(toEntry);
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
