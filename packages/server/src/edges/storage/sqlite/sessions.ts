import { readImportOrigin } from '@sallyport/core/model/import-origin.js';
import type { EndReason, Session, SessionState } from '@sallyport/core/model/session.js';
import { type Selectable, sql } from 'kysely';
import type { SessionStore } from '../../../gateway/ports/session-store.js';
import type { Database } from './database.js';
import { foldName, type SessionsTable } from './schema.js';
import { after, filtered, orderOf, readCursor, writeCursor } from './session-page.js';

/** INVARIANT: a row in none of these is never changed again. Named, not negated: the index on `state` then serves. */
const NOT_OVER: readonly SessionState[] = ['opening', 'live', 'ending'];
/** Two values per row, far below every engine's bound on parameters. */
const RENEW_ROWS_PER_STATEMENT = 400;

export function createSqliteSessionStore(db: Database): SessionStore {
  const { query } = db;
  return {
    async create(session) {
      await query.insertInto('sessions').values(toRow(session)).execute();
    },

    async setLive(id, liveAt) {
      await query
        .updateTable('sessions')
        .set({ state: 'live', live_at: liveAt })
        .where('id', '=', id)
        .where('state', '=', 'opening')
        .execute();
    },

    renew: (nodeId, leaseUntil, outputBytes) =>
      query.transaction().execute(async (tx) => {
        const running = tx.updateTable('sessions').where('node_id', '=', nodeId).where('state', 'in', NOT_OVER);
        const counts = [...outputBytes];
        for (let start = 0; start < counts.length; start += RENEW_ROWS_PER_STATEMENT) {
          const part = counts.slice(start, start + RENEW_ROWS_PER_STATEMENT);
          const cases = part.map(([id, bytes]) => sql`when ${id} then cast(${bytes} as bigint)`);
          await running
            .set({
              lease_until: leaseUntil,
              output_bytes: sql<number>`case id ${sql.join(cases, sql` `)} else output_bytes end`,
            })
            .where(
              'id',
              'in',
              part.map(([id]) => id),
            )
            .execute();
        }
      }),

    async setOver(id, { state, reason, endedAt, outputBytes }) {
      const { numUpdatedRows } = await query
        .updateTable('sessions')
        .set({ state, end_reason: JSON.stringify(reason), ended_at: endedAt, output_bytes: outputBytes })
        .where('id', '=', id)
        .where('state', 'in', NOT_OVER)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },

    // One statement: of two reapers each row falls to one of them.
    async reap(now, nodeId) {
      const interrupted: EndReason = { kind: 'interrupted' };
      const rows = await query
        .updateTable('sessions')
        .set({
          state: 'ended',
          end_reason: JSON.stringify(interrupted),
          // It was alive at the latest when its lease ran out; a row whose lease still holds ended just now.
          ended_at: sql<number>`case when lease_until < ${now} then lease_until else ${now} end`,
        })
        .where('state', 'in', NOT_OVER)
        .where((eb) => eb.or([eb('lease_until', '<', now), eb('node_id', '=', nodeId)]))
        .returningAll()
        .execute();
      return rows.map(toSession);
    },

    async get(id) {
      const row = await query.selectFrom('sessions').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toSession(row);
    },

    async list(wanted) {
      const order = orderOf(wanted.sort);
      let rows = filtered(query.selectFrom('sessions').selectAll(), wanted);
      if (wanted.cursor !== undefined) {
        const from = readCursor(wanted.cursor, order);
        if (from === undefined) return { items: [] };
        rows = after(rows, order, from);
      }
      const page = await rows
        .orderBy(order.column, order.direction)
        .orderBy('id', order.direction)
        .limit(wanted.limit + 1)
        .execute();
      const shown = page.slice(0, wanted.limit);
      const last = shown.at(-1);
      return {
        items: shown.map(toSession),
        ...(page.length > shown.length && last !== undefined ? { next: writeCursor(last, order) } : {}),
      };
    },

    async lastUsed(userId) {
      const rows = await query
        .selectFrom((from) =>
          from
            .selectFrom('sessions')
            .select(['host_id', 'account_id', 'created_at'])
            .select(sql<number>`row_number() over (partition by host_id order by created_at desc, id desc)`.as('place'))
            .where('user_id', '=', userId)
            .where('live_at', 'is not', null) // an attempt that failed is no use of the host
            .where('origin', 'is', null)
            .as('uses'),
        )
        .select(['host_id', 'account_id', 'created_at'])
        .where('place', '=', 1)
        .execute();
      return new Map(rows.map((row) => [row.host_id, { at: row.created_at, accountId: row.account_id }]));
    },
  };
}

function toRow(session: Session): SessionsTable {
  const { userName, hostName, hostAddress, login, id } = session;
  return {
    id,
    user_id: session.userId,
    user_name: userName,
    host_id: session.hostId,
    host_name: hostName,
    host_address: hostAddress,
    account_id: session.accountId,
    login,
    source_address: session.sourceAddress,
    state: session.state,
    cols: session.cols,
    rows: session.rows,
    created_at: session.createdAt,
    live_at: session.liveAt ?? null,
    ended_at: session.endedAt ?? null,
    end_reason: session.endReason === undefined ? null : JSON.stringify(session.endReason),
    output_bytes: session.outputBytes,
    node_id: session.nodeId,
    lease_until: session.leaseUntil,
    user_key: foldName(userName),
    host_key: foldName(hostName),
    host_labels: JSON.stringify(session.hostLabels ?? {}),
    origin: session.origin === undefined ? null : JSON.stringify(session.origin),
    search_key: foldName([userName, hostName, hostAddress, login, session.sourceAddress, id].join('\n')),
  };
}

export function toSession(row: Selectable<SessionsTable>): Session {
  return {
    id: row.id,
    userId: row.user_id,
    userName: row.user_name,
    hostId: row.host_id,
    hostName: row.host_name,
    hostAddress: row.host_address,
    ...(row.host_labels === '{}' ? {} : { hostLabels: JSON.parse(row.host_labels) as Record<string, string> }),
    accountId: row.account_id,
    login: row.login,
    sourceAddress: row.source_address,
    state: row.state as SessionState,
    cols: row.cols,
    rows: row.rows,
    createdAt: row.created_at,
    ...(row.live_at === null ? {} : { liveAt: row.live_at }),
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
    ...(row.end_reason === null ? {} : { endReason: JSON.parse(row.end_reason) as EndReason }),
    outputBytes: row.output_bytes,
    nodeId: row.node_id,
    leaseUntil: row.lease_until,
    ...originOf(row),
  };
}

function originOf({ origin }: Selectable<SessionsTable>): Pick<Session, 'origin'> {
  const read = origin === null ? undefined : readImportOrigin(JSON.parse(origin));
  return read === undefined ? {} : { origin: read };
}
