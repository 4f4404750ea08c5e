/**
 * Pages of sessions by key, not by offset: a row created while somebody pages never repeats or hides another. A cursor
 * is the sort key and the id of the last row shown; it comes back from outside, so it is read with suspicion.
 */
import { type Selectable, type SelectQueryBuilder, sql } from 'kysely';
import type { SessionQuery } from '../../../gateway/ports/session-store.js';
import { foldName, type Schema, type SessionsTable } from './schema.js';

type SortColumn = 'created_at' | 'user_key' | 'host_key';
interface Order {
  readonly column: SortColumn;
  readonly direction: 'asc' | 'desc';
}

export function orderOf(sort: SessionQuery['sort']): Order {
  switch (sort) {
    case '-createdAt':
      return { column: 'created_at', direction: 'desc' };
    case 'createdAt':
      return { column: 'created_at', direction: 'asc' };
    case 'userName':
      return { column: 'user_key', direction: 'asc' };
    case 'hostName':
      return { column: 'host_key', direction: 'asc' };
  }
}

/** Undefined for a cursor that is not ours or belongs to another order. */
export function readCursor(cursor: string, { column }: Order): readonly [string | number, string] | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (!Array.isArray(parsed) || parsed.length !== 3 || parsed[0] !== column) return undefined;
    const [, key, id] = parsed as unknown[];
    if (typeof key !== (column === 'created_at' ? 'number' : 'string') || typeof id !== 'string') return undefined;
    return [key as string | number, id];
  } catch {
    return undefined;
  }
}

export function writeCursor(row: Selectable<SessionsTable>, { column }: Order): string {
  return Buffer.from(JSON.stringify([column, row[column], row.id])).toString('base64url');
}

type Sessions = SelectQueryBuilder<Schema, 'sessions', Selectable<SessionsTable>>;

export function filtered(rows: Sessions, query: SessionQuery): Sessions {
  const { states, userId, hostId, text, from, to, imported, held } = query;
  let kept = rows;
  if (states !== undefined) kept = kept.where('state', 'in', states.length === 0 ? [''] : [...states]);
  if (userId !== undefined) kept = kept.where('user_id', '=', userId);
  if (hostId !== undefined) kept = kept.where('host_id', '=', hostId);
  if (from !== undefined) kept = kept.where('created_at', '>=', from);
  if (to !== undefined) kept = kept.where('created_at', '<', to);
  if (imported !== undefined) kept = kept.where('origin', imported ? 'is not' : 'is', null);
  if (held) {
    kept = kept.where(({ exists, selectFrom }) =>
      exists(
        selectFrom('holds')
          .select('holds.id')
          .where('lifted_at', 'is', null)
          .where((eb) =>
            eb.or([
              eb.and([eb('subject', '=', 'recording'), eb('subject_id', '=', eb.ref('sessions.id'))]),
              eb.and([eb('subject', '=', 'user'), eb('subject_id', '=', eb.ref('sessions.user_id'))]),
              eb.and([eb('subject', '=', 'host'), eb('subject_id', '=', eb.ref('sessions.host_id'))]),
            ]),
          ),
      ),
    );
  }
  for (const word of words(text)) {
    const pattern = `%${word.replace(/[\\%_]/g, '\\$&')}%`;
    kept = kept.where(sql<boolean>`search_key like ${pattern} escape '\\'`);
  }
  return kept;
}

/** More words narrow further; a flood of them is cut. */
const WORDS_MAX = 8;
const words = (text: string | undefined): readonly string[] =>
  foldName(text ?? '')
    .split(/\s+/u)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX);

export function after(
  rows: Sessions,
  { column, direction }: Order,
  [key, id]: readonly [string | number, string],
): Sessions {
  const beyond = direction === 'asc' ? '>' : '<';
  return rows.where((eb) => eb(eb.refTuple(column, 'id'), beyond, eb.tuple(key, id)));
}
