import { fail, ok } from '@sallyport/core/model/problem.js';
import {
  type HoldSubject,
  KEEP_EVERYTHING,
  type LegalHold,
  type RetentionPolicy,
} from '@sallyport/core/model/retention.js';
import type { Selectable } from 'kysely';
import type { RetentionStore } from '../../../gateway/ports/retention-store.js';
import type { Database } from './database.js';
import type { HoldsTable } from './schema.js';

const POLICY = 'retention.policy';
const IDS_PER_STATEMENT = 400;

export function createSqliteRetentionStore(db: Database): RetentionStore {
  const { query } = db;
  return {
    async policy() {
      const row = await query.selectFrom('meta').select('value').where('key', '=', POLICY).executeTakeFirst();
      return row === undefined ? KEEP_EVERYTHING : (JSON.parse(row.value) as RetentionPolicy);
    },

    async setPolicy(policy) {
      const value = JSON.stringify(policy);
      await query
        .insertInto('meta')
        .values({ key: POLICY, value })
        .onConflict((c) => c.column('key').doUpdateSet({ value }))
        .execute();
    },

    async holds(subjectIds) {
      const standing = query.selectFrom('holds').selectAll().where('lifted_at', 'is', null);
      if (subjectIds === undefined) return (await standing.orderBy('at').orderBy('id').execute()).map(toHold);
      const ids = [...new Set(subjectIds)];
      const found: LegalHold[] = [];
      for (let start = 0; start < ids.length; start += IDS_PER_STATEMENT) {
        const part = standing.where('subject_id', 'in', ids.slice(start, start + IDS_PER_STATEMENT));
        found.push(...(await part.execute()).map(toHold));
      }
      return found.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
    },

    async holdHistory(subject, subjectId) {
      const rows = query
        .selectFrom('holds')
        .selectAll()
        .where('subject', '=', subject)
        .where('subject_id', '=', subjectId);
      return (await rows.orderBy('at', 'desc').orderBy('id', 'desc').execute()).map(toHold);
    },

    placeHold: (hold) =>
      query.transaction().execute(async (tx) => {
        if (hold.subject === 'recording') {
          const gone = tx.selectFrom('deletions').select('at').where('session_id', '=', hold.subjectId);
          if ((await gone.executeTakeFirst()) !== undefined) return fail('recording.deleted');
        }
        await tx
          .updateTable('holds')
          .set({
            lifted_at: hold.at,
            lifted_by: hold.by,
            lifted_by_id: hold.byId ?? null,
            lift_reason: 'replaced by another hold',
          })
          .where('subject', '=', hold.subject)
          .where('subject_id', '=', hold.subjectId)
          .where('lifted_at', 'is', null)
          .execute();
        await tx
          .insertInto('holds')
          .values({
            id: hold.id,
            subject: hold.subject,
            subject_id: hold.subjectId,
            reason: hold.reason,
            by_name: hold.by,
            by_id: hold.byId ?? null,
            at: hold.at,
            lifted_at: null,
            lifted_by: null,
            lifted_by_id: null,
            lift_reason: null,
          })
          .execute();
        return ok(hold);
      }),

    async liftHold({ subject, subjectId }, lifted) {
      const row = await query
        .updateTable('holds')
        .set({
          lifted_at: lifted.at,
          lifted_by: lifted.by,
          lifted_by_id: lifted.byId ?? null,
          lift_reason: lifted.reason,
        })
        .where('subject', '=', subject)
        .where('subject_id', '=', subjectId)
        .where('lifted_at', 'is', null)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? fail('not-found') : ok(toHold(row));
    },
  };
}

function toHold(row: Selectable<HoldsTable>): LegalHold {
  return {
    id: row.id,
    subject: row.subject as HoldSubject,
    subjectId: row.subject_id,
    reason: row.reason,
    by: row.by_name,
    ...(row.by_id === null ? {} : { byId: row.by_id }),
    at: row.at,
    ...(row.lifted_at === null
      ? {}
      : {
          lifted: {
            at: row.lifted_at,
            by: row.lifted_by ?? '',
            ...(row.lifted_by_id === null ? {} : { byId: row.lifted_by_id }),
            reason: row.lift_reason ?? '',
          },
        }),
  };
}
