import type { HostKey, HostKeyState } from '@sallyport/core/model/host.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { Selectable } from 'kysely';
import type { HostKeys } from '../../../gateway/ports/directory.js';
import type { Database } from './database.js';
import type { HostKeysTable } from './schema.js';

/** Who stands between and shows another key each time must not fill the table. */
const MAX_PENDING_PER_HOST = 16;

export function createSqliteHostKeys(db: Database): HostKeys {
  const { query } = db;
  return {
    async hostKeys(hostId) {
      const all = query.selectFrom('host_keys').selectAll().orderBy('first_seen_at').orderBy('id');
      return (await (hostId === undefined ? all : all.where('host_id', '=', hostId)).execute()).map(toHostKey);
    },

    see: (key) =>
      query.transaction().execute(async (tx) => {
        const known = await tx
          .selectFrom('host_keys')
          .selectAll()
          .where('host_id', '=', key.hostId)
          .where('fingerprint', '=', key.fingerprint)
          .executeTakeFirst();
        if (known !== undefined) return toHostKey(known);
        const pending = await tx
          .selectFrom('host_keys')
          .select('id')
          .where('host_id', '=', key.hostId)
          .where('state', '=', 'pending')
          .orderBy('first_seen_at', 'desc')
          .orderBy('id', 'desc')
          .execute();
        const oldest = pending.slice(MAX_PENDING_PER_HOST - 1).map(({ id }) => id);
        if (oldest.length > 0) await tx.deleteFrom('host_keys').where('id', 'in', oldest).execute();
        const row = await tx
          .insertInto('host_keys')
          .values({
            id: key.id,
            host_id: key.hostId,
            algorithm: key.algorithm,
            fingerprint: key.fingerprint,
            public_key: key.publicKey,
            state: 'pending', // whatever the caller says: only `decide` trusts a key
            first_seen_at: key.firstSeenAt,
            decided_by: null,
            decided_at: null,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        return toHostKey(row);
      }),

    // INVARIANT: at most one approved key per host.
    decide: (id, state, by, at) =>
      query.transaction().execute(async (tx): Promise<Result<HostKey>> => {
        const decision = { decided_by: by, decided_at: at };
        const row = await tx
          .updateTable('host_keys')
          .set({ state, ...decision })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst();
        if (row === undefined) return fail('not-found');
        if (state === 'approved') {
          await tx
            .updateTable('host_keys')
            .set({ state: 'rejected', ...decision })
            .where('host_id', '=', row.host_id)
            .where('state', '=', 'approved')
            .where('id', '!=', id)
            .execute();
        }
        return ok(toHostKey(row));
      }),
  };
}

function toHostKey(row: Selectable<HostKeysTable>): HostKey {
  return {
    id: row.id,
    hostId: row.host_id,
    algorithm: row.algorithm,
    fingerprint: row.fingerprint,
    publicKey: row.public_key,
    state: row.state as HostKeyState,
    firstSeenAt: row.first_seen_at,
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at }),
  };
}
