import type { Host, RecordingFailurePolicy } from '@sallyport/core/model/host.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { Selectable } from 'kysely';
import type { Inventory } from '../../../gateway/ports/directory.js';
import type { Database } from './database.js';
import { foldName, type HostsTable } from './schema.js';
import { removeSecrets } from './secrets.js';

export function createSqliteInventory(db: Database): Inventory {
  const { query } = db;
  return {
    async hosts() {
      return (await query.selectFrom('hosts').selectAll().orderBy('name_key').execute()).map(toHost);
    },

    async host(id) {
      const row = await query.selectFrom('hosts').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toHost(row);
    },

    async createHost(host) {
      const row = await query
        .insertInto('hosts')
        .values({ id: host.id, created_at: host.createdAt, ...toRow(host) })
        .onConflict((c) => c.column('name_key').doNothing())
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? fail('conflict', { name: host.name }) : ok(toHost(row));
    },

    updateHost: (id, change) =>
      query.transaction().execute(async (tx): Promise<Result<Host>> => {
        const before = await tx.selectFrom('hosts').selectAll().where('id', '=', id).executeTakeFirst();
        if (before === undefined) return fail('not-found');
        const after = toRow({ ...toHost(before), ...change });
        const other = await tx
          .selectFrom('hosts')
          .select('id')
          .where('name_key', '=', after.name_key)
          .where('id', '!=', id)
          .executeTakeFirst();
        if (other !== undefined) return fail('conflict', { name: after.name });
        const row = await tx.updateTable('hosts').set(after).where('id', '=', id).returningAll().executeTakeFirst();
        return row === undefined ? fail('not-found') : ok(toHost(row));
      }),

    deleteHost: (id) =>
      query.transaction().execute(async (tx): Promise<Result<Host>> => {
        const accounts = await tx.selectFrom('accounts').select('secret_id').where('host_id', '=', id).execute();
        await removeSecrets(
          tx,
          accounts.map((row) => row.secret_id),
        );
        const row = await tx.deleteFrom('hosts').where('id', '=', id).returningAll().executeTakeFirst();
        return row === undefined ? fail('not-found') : ok(toHost(row)); // accounts and keys went by cascade
      }),
  };
}

function toRow(host: Omit<Host, 'id' | 'createdAt'>) {
  return {
    name: host.name.normalize('NFC'),
    name_key: foldName(host.name),
    address: host.address,
    port: host.port,
    labels: JSON.stringify(host.labels),
    legacy_algorithms: host.legacyAlgorithms ? 1 : 0,
    on_recording_failure: host.onRecordingFailure,
    watcher_required: host.watcherRequired ? 1 : 0,
    updated_at: host.updatedAt,
  };
}

function toHost(row: Selectable<HostsTable>): Host {
  return {
    id: row.id,
    name: row.name,
    address: row.address,
    port: row.port,
    labels: JSON.parse(row.labels) as Host['labels'],
    legacyAlgorithms: row.legacy_algorithms === 1,
    onRecordingFailure: row.on_recording_failure as RecordingFailurePolicy,
    watcherRequired: row.watcher_required === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
