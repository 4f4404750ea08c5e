import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { Role } from '@sallyport/core/model/role.js';
import type { User } from '@sallyport/core/model/user.js';
import type { Kysely, Selectable } from 'kysely';
import type { Users } from '../../../gateway/ports/directory.js';
import type { Database } from './database.js';
import { foldName, type Schema, type UsersTable } from './schema.js';
import { removeSecrets } from './secrets.js';

const VISIBLE = [
  'id',
  'name',
  'name_key',
  'display_name',
  'role',
  'active',
  'language',
  'totp_enabled',
  'created_at',
  'updated_at',
] as const;

export function createSqliteUsers(db: Database): Users {
  const { query } = db;
  return {
    async users() {
      return (await query.selectFrom('users').select(VISIBLE).orderBy('name_key').execute()).map(toUser);
    },

    async user(id) {
      return maybeUser(await query.selectFrom('users').select(VISIBLE).where('id', '=', id).executeTakeFirst());
    },

    async userByName(name) {
      const row = query.selectFrom('users').select(VISIBLE).where('name_key', '=', foldName(name));
      return maybeUser(await row.executeTakeFirst());
    },

    async createUser(user, passwordHash) {
      const row = await query
        .insertInto('users')
        .values({
          id: user.id,
          name: user.name.normalize('NFC'),
          name_key: foldName(user.name),
          display_name: user.displayName,
          role: user.role,
          active: user.active ? 1 : 0,
          language: user.language ?? null,
          totp_enabled: user.totpEnabled ? 1 : 0,
          password_hash: passwordHash,
          created_at: user.createdAt,
          updated_at: user.updatedAt,
        })
        .onConflict((c) => c.column('name_key').doNothing())
        .returning(VISIBLE)
        .executeTakeFirst();
      return row === undefined ? fail('conflict', { name: user.name }) : ok(toUser(row));
    },

    updateUser: (id, change) =>
      query.transaction().execute(async (tx): Promise<Result<User>> => {
        const losesAdmin = (change.role !== undefined && change.role !== 'admin') || change.active === false;
        if (losesAdmin && (await isLastAdmin(tx, id))) return fail('conflict.last-admin');
        const row = await tx
          .updateTable('users')
          .set({
            id,
            ...(change.displayName === undefined ? {} : { display_name: change.displayName }),
            ...(change.role === undefined ? {} : { role: change.role }),
            ...(change.active === undefined ? {} : { active: change.active ? 1 : 0 }),
            ...(change.language === undefined ? {} : { language: change.language }),
            ...(change.totpEnabled === undefined ? {} : { totp_enabled: change.totpEnabled ? 1 : 0 }),
            ...(change.updatedAt === undefined ? {} : { updated_at: change.updatedAt }),
          })
          .where('id', '=', id)
          .returning(VISIBLE)
          .executeTakeFirst();
        return row === undefined ? fail('not-found') : ok(toUser(row));
      }),

    deleteUser: (id) =>
      query.transaction().execute(async (tx): Promise<Result<User>> => {
        if (await isLastAdmin(tx, id)) return fail('conflict.last-admin');
        const totp = await tx.selectFrom('totp').selectAll().where('user_id', '=', id).execute();
        await removeSecrets(
          tx,
          totp.flatMap((row) => [row.secret_id, row.recovery_codes_id]),
        );
        const row = await tx.deleteFrom('users').where('id', '=', id).returning(VISIBLE).executeTakeFirst();
        return row === undefined ? fail('not-found') : ok(toUser(row));
      }),

    async passwordHash(id) {
      const row = await query.selectFrom('users').select('password_hash').where('id', '=', id).executeTakeFirst();
      return row?.password_hash;
    },

    async setPasswordHash(id, hash, at) {
      await query.updateTable('users').set({ password_hash: hash, updated_at: at }).where('id', '=', id).execute();
    },
  };
}

async function isLastAdmin(tx: Kysely<Schema>, id: string): Promise<boolean> {
  const admins = await tx
    .selectFrom('users')
    .select('id')
    .where('role', '=', 'admin')
    .where('active', '=', 1)
    .limit(2)
    .execute();
  return admins.length === 1 && admins[0]?.id === id;
}

type UserRow = Selectable<Pick<UsersTable, (typeof VISIBLE)[number]>>;
const maybeUser = (row: UserRow | undefined): User | undefined => (row === undefined ? undefined : toUser(row));

function toUser(row: UserRow): User {
  return {
    id: row.id,
    name: row.name,
    displayName: row.display_name,
    role: row.role as Role,
    active: row.active === 1,
    ...(row.language === null ? {} : { language: row.language as 'zh-CN' | 'en' }),
    totpEnabled: row.totp_enabled === 1,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
