/**
 * What the tables whose rows are chained by their hashes have in common: the head beside them in `meta`, reading in pages,
 * and the walk along the chain. Who appends takes the write lock before it reads the head, so that two processes (the server
 * and the command line) cannot fork a chain.
 */
import type { ChainVerdict } from '@sallyport/core/evidence/chain-verdict.js';
import { CHAIN_START, type ChainPoint } from '@sallyport/core/evidence/signed-head.js';
import type { Kysely } from 'kysely';
import type { Schema } from './schema.js';

export const PAGE_ROWS = 500;

interface Break {
  readonly badSeq: number;
  readonly detail: string;
}
export interface ChainTable<Entry extends ChainPoint> {
  stream(fromSeq: number): AsyncGenerator<Entry>;
  verify(): Promise<ChainVerdict>;
  readHead(tx: Kysely<Schema>): Promise<ChainPoint>;
  writeHead(tx: Kysely<Schema>, head: ChainPoint): Promise<void>;
}

export function createChainTable<Entry extends ChainPoint>(
  query: Kysely<Schema>,
  chain: {
    /** Its row in `meta`. */
    readonly key: string;
    /** What an entry is called in a verdict. */
    readonly entry: string;
    readonly entries: string;
    /** Up to PAGE_ROWS entries in their order. */
    pageFrom(tx: Kysely<Schema>, seq: number): Promise<readonly Entry[]>;
    breach(last: ChainPoint, entry: Entry): Break | undefined;
  },
): ChainTable<Entry> {
  async function readHead(tx: Kysely<Schema>): Promise<ChainPoint> {
    const row = await tx.selectFrom('meta').select('value').where('key', '=', chain.key).executeTakeFirst();
    if (row === undefined) return CHAIN_START;
    const [seq = '', hash = ''] = row.value.split(' ');
    return { seq: Number(seq), hash };
  }

  function walk(head: ChainPoint, page: readonly Entry[]): { head: ChainPoint } | { verdict: ChainVerdict } {
    let last = head;
    for (const entry of page) {
      const bad = chain.breach(last, entry);
      if (bad !== undefined) return { verdict: { ok: false, entries: last.seq, head: last.hash, ...bad } };
      last = { seq: entry.seq, hash: entry.hash };
    }
    return { head: last };
  }

  function compare(last: ChainPoint, head: ChainPoint): ChainVerdict {
    const verdict = { entries: last.seq, head: last.hash };
    if (last.seq === head.seq && last.hash === head.hash) return { ok: true, ...verdict };
    if (last.seq < head.seq) {
      const detail = `${chain.entries} ${last.seq + 1} to ${head.seq} are missing from the end`;
      return { ok: false, badSeq: last.seq + 1, detail, ...verdict };
    }
    const detail = `${chain.entry} ${last.seq} is not the one that was written last`;
    return { ok: false, badSeq: last.seq, detail, ...verdict };
  }

  return {
    readHead,

    async writeHead(tx, { seq, hash }) {
      const value = `${seq} ${hash}`;
      await tx
        .insertInto('meta')
        .values({ key: chain.key, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute();
    },

    async *stream(fromSeq) {
      for (let from = fromSeq; ; ) {
        const page = await chain.pageFrom(query, from);
        yield* page;
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE_ROWS) return;
        from = last.seq + 1;
      }
    },

    async verify() {
      let head = CHAIN_START;
      for (;;) {
        const page = await chain.pageFrom(query, head.seq + 1);
        const walked = walk(head, page);
        if ('verdict' in walked) return walked.verdict;
        head = walked.head;
        if (page.length === PAGE_ROWS) continue;
        // The end: the last rows and the head from one transaction, so that no append falls between the two.
        const from = head;
        const end = await query.transaction().execute(async (tx) => ({
          rows: await chain.pageFrom(tx, from.seq + 1),
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
