/**
 * The ledger's table. An entry, its number and the head are written in one transaction that takes the write lock first,
 * so that the server and the command line can append to one file at once without a fork.
 */
import { createHash } from 'node:crypto';
import { ledgerBreach, nextEntry } from '@sallyport/core/evidence/ledger-chain.js';
import { isFirstEntry, type LedgerEntry, type LedgerEvent } from '@sallyport/core/evidence/ledger-entry.js';
import type { Kysely, Selectable } from 'kysely';
import type { Clock } from '../../../gateway/ports/clock.js';
import type { RecordingLedger } from '../../../gateway/ports/recording-ledger.js';
import { createAppendQueue } from './append-queue.js';
import { type ChainTable, createChainTable, PAGE_ROWS } from './chain-table.js';
import type { Database } from './database.js';
import type { RecordingLedgerTable, Schema } from './schema.js';

const sha256 = (bytes: Uint8Array): Uint8Array => createHash('sha256').update(bytes).digest();

interface Waiting {
  readonly event: LedgerEvent;
  readonly at: number;
}

export function createSqliteRecordingLedger(db: Database, clock: Clock): RecordingLedger {
  const { query } = db;
  const chain = createChainTable(query, {
    key: 'ledger.head',
    ...{ entry: 'ledger entry', entries: 'ledger entries' },
    pageFrom,
    breach: (last, entry) => ledgerBreach(last, entry, sha256),
  });
  const append = createAppendQueue('the ledger of recordings', (group: readonly Waiting[]) =>
    query.transaction().execute((tx) => write(tx, chain, group)),
  );
  return {
    append: (event) => append({ event, at: clock.now() }),
    of: (sessionId) => entriesOf(query, sessionId),
    stream: chain.stream,
    head: () => chain.readHead(query),
    verify: chain.verify,
  };
}

async function write(
  tx: Kysely<Schema>,
  chain: ChainTable<LedgerEntry>,
  group: readonly Waiting[],
): Promise<readonly LedgerEntry[]> {
  const before = await chain.readHead(tx);
  let head = before;
  let lastNumber: number | undefined;
  const entries: LedgerEntry[] = [];
  for (const { event, at } of group) {
    const standing = event.kind === 'key' ? await keyEntries(tx, event.keyId) : await entriesOf(tx, event.sessionId);
    const repeated = standing.find((entry) => says(entry, event));
    if (repeated !== undefined) {
      entries.push(repeated);
      continue;
    }
    let number = standing.find((entry) => entry.number !== undefined)?.number;
    if (event.kind !== 'key' && number === undefined) {
      lastNumber ??= await highestNumber(tx);
      lastNumber += 1;
      number = lastNumber;
    }
    const entry = nextEntry(head, at, event, number, sha256);
    await tx.insertInto('recording_ledger').values(toRow(entry, event)).execute();
    head = { seq: entry.seq, hash: entry.hash };
    entries.push(entry);
  }
  if (head.seq > before.seq) await chain.writeHead(tx, head);
  return entries;
}

/** The entry says already what the event would add. */
function says(entry: LedgerEntry, event: LedgerEvent): boolean {
  if (event.kind === 'key') return entry.kind === 'key' && entry.keyId === event.keyId;
  if (isFirstEntry(event.kind)) return isFirstEntry(entry.kind);
  if (event.kind === 'deleted') return entry.kind === 'deleted';
  return 'head' in event && 'head' in entry && entry.kind !== 'deleted' && entry.head === event.head;
}

async function highestNumber(tx: Kysely<Schema>): Promise<number> {
  const row = await tx
    .selectFrom('recording_ledger')
    .select((eb) => eb.fn.max('number').as('highest'))
    .executeTakeFirst();
  return Number(row?.highest ?? 0);
}

async function entriesOf(tx: Kysely<Schema>, sessionId: string): Promise<readonly LedgerEntry[]> {
  const rows = tx.selectFrom('recording_ledger').selectAll().where('session_id', '=', sessionId).orderBy('seq');
  return (await rows.execute()).map(toEntry);
}

async function keyEntries(tx: Kysely<Schema>, keyId: string): Promise<readonly LedgerEntry[]> {
  const rows = tx.selectFrom('recording_ledger').selectAll().where('session_id', 'is', null).where('kind', '=', 'key');
  return (await rows.execute()).map(toEntry).filter((entry) => entry.kind === 'key' && entry.keyId === keyId);
}

async function pageFrom(tx: Kysely<Schema>, seq: number): Promise<readonly LedgerEntry[]> {
  const rows = tx.selectFrom('recording_ledger').selectAll().where('seq', '>=', seq).orderBy('seq').limit(PAGE_ROWS);
  return (await rows.execute()).map(toEntry);
}

function toRow(entry: LedgerEntry, { kind, ...event }: LedgerEvent): RecordingLedgerTable {
  const { sessionId = null, ...fields } = 'sessionId' in event ? event : { ...event, sessionId: null };
  return {
    seq: entry.seq,
    at: entry.at,
    kind,
    number: entry.number ?? null,
    session_id: sessionId,
    fields: JSON.stringify(fields),
    prev_hash: entry.prevHash,
    hash: entry.hash,
  };
}

function toEntry(row: Selectable<RecordingLedgerTable>): LedgerEntry {
  return {
    ...readFields(row.fields),
    kind: row.kind,
    ...(row.session_id === null ? {} : { sessionId: row.session_id }),
    seq: row.seq,
    at: row.at,
    ...(row.number === null ? {} : { number: row.number }),
    prevHash: row.prev_hash,
    hash: row.hash,
  } as LedgerEntry;
}

/** Somebody may have written anything there; `verify` must name the entry, not fall over it. */
function readFields(raw: string): object {
  try {
    const fields: unknown = JSON.parse(raw);
    return fields !== null && typeof fields === 'object' ? fields : { unreadable: raw };
  } catch {
    return { unreadable: raw };
  }
}
