import type { Change } from '@sallyport/core/policy/book.js';
import type { ControlStore } from '../../../gateway/ports/control-store.js';
import type { Database } from './database.js';
import type { ControlChangesTable } from './schema.js';

/** Seven values each, well under SQLite's bound of parameters. */
const ROWS_AT_ONCE = 1_000;

export function createSqliteControlStore({ query }: Database): ControlStore {
  return {
    async changes(after) {
      const rows = query.selectFrom('control_changes').selectAll().where('version', '>', after).orderBy('version');
      return (await rows.execute()).map(changeOf);
    },

    append: (changes) =>
      query.transaction().execute(async (tx) => {
        const { last } = await tx
          .selectFrom('control_changes')
          .select((eb) => eb.fn.max('version').as('last'))
          .executeTakeFirstOrThrow();
        if (changes[0]?.version !== Number(last ?? 0) + 1) return false;
        for (let from = 0; from < changes.length; from += ROWS_AT_ONCE) {
          const rows = changes.slice(from, from + ROWS_AT_ONCE).map(rowOf);
          await tx.insertInto('control_changes').values(rows).execute();
        }
        return true;
      }),
  };
}

function rowOf(change: Change): ControlChangesTable {
  const { version, at, by, noun, before, after } = change;
  const text = (fact: object | undefined): string | null => (fact === undefined ? null : JSON.stringify(fact));
  const key = change.noun === 'settings' ? '' : change.key;
  return { version, at, by_name: by, noun, fact_key: key, before_fact: text(before), after_fact: text(after) };
}

/** Facts were validated when they were written. */
function changeOf(row: ControlChangesTable): Change {
  const fact = (name: 'before' | 'after', text: string | null): object =>
    text === null ? {} : { [name]: JSON.parse(text) as object };
  return {
    version: row.version,
    at: row.at,
    by: row.by_name,
    noun: row.noun,
    ...(row.noun === 'settings' ? {} : { key: row.fact_key }),
    ...fact('before', row.before_fact),
    ...fact('after', row.after_fact),
  } as Change;
}
