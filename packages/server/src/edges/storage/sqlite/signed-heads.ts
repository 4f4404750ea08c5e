/** Signed heads in the database: they travel with its backups, and bind what a backup may be restored over. */
import { readSignedHead } from '@sallyport/core/evidence/signed-head.js';
import type { HeadLog } from '../../../gateway/ports/head-log.js';
import type { Database } from './database.js';

const PAGE_ROWS = 1000;

export function createSqliteHeadLog({ query }: Database): HeadLog {
  return {
    async append(head) {
      await query
        .insertInto('signed_heads')
        .values({ line: JSON.stringify(head) })
        .execute();
    },

    async newest(limit) {
      const rows = query.selectFrom('signed_heads').select('line').orderBy('id', 'desc').limit(limit);
      return (await rows.execute()).reverse().flatMap(({ line }) => readSignedHead(line) ?? []);
    },

    async *all() {
      for (let from = 0; ; ) {
        const rows = query.selectFrom('signed_heads').selectAll().where('id', '>', from).orderBy('id').limit(PAGE_ROWS);
        const page = await rows.execute();
        for (const { line } of page) yield readSignedHead(line) ?? line;
        from = page.at(-1)?.id ?? from;
        if (page.length < PAGE_ROWS) return;
      }
    },
  };
}
