/** Users, for those who manage them. Whatever takes rights away ends the user's sign-ins and tokens at once (V40). */
import { idFromBytes } from '@sallyport/core/model/id.js';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import { pageOf, UserAnswer } from '@sallyport/core/wire/api-answers.js';
import { CreateUser, IdParams, ResetPassword, UpdateUser } from '@sallyport/core/wire/api-requests.js';
import { created, EMPTY, json, type Reply, type Route, route, targetOf } from '../route.js';
import type { Services } from '../services.js';
import { refuseInUse } from './in-use.js';

export function userRoutes(services: Services): readonly Route[] {
  const { directory, identity, audit, clock, random } = services;
  const read = { kind: 'operation', operation: 'user.read' } as const;
  const write = { kind: 'operation', operation: 'user.write' } as const;
  const change = { ...write, target: targetOf('user') };
  const found = async (id: string): Promise<Result<Reply>> => {
    const user = await directory.user(id);
    return user ? ok(json(user)) : fail('not-found');
  };

  return [
    route({
      method: 'GET',
      path: '/users',
      summary: 'Lists users',
      access: read,
      answer: { status: 200, schema: pageOf(UserAnswer) },
      async handle() {
        return ok(json({ items: await directory.users() }));
      },
    }),
    route({
      method: 'POST',
      path: '/users',
      summary: 'Adds a user',
      access: write,
      body: CreateUser,
      answer: { status: 201, schema: UserAnswer },
      async handle({ by, body: { name, displayName, role, password } }) {
        const hash = await identity.hashPassword(password, name);
        if (!hash.ok) return hash;
        const at = clock.now();
        const id = idFromBytes(random(16));
        const user = { id, name, displayName, role, active: true, totpEnabled: false, createdAt: at, updatedAt: at };
        const made = await directory.createUser(user, hash.value);
        if (!made.ok) return made;
        await audit.append({
          action: 'user.create',
          result: 'ok',
          ...by,
          target: `user:${id}`,
          detail: { name, role },
        });
        return ok(created(made.value));
      },
    }),
    route({
      method: 'GET',
      path: '/users/{id}',
      summary: 'One user',
      access: { ...read, target: targetOf('user') },
      params: IdParams,
      answer: { status: 200, schema: UserAnswer },
      handle: ({ params }) => found(params.id),
    }),
    route({
      method: 'PATCH',
      path: '/users/{id}',
      summary: 'Changes name shown, role or whether the user is active; a changed role or switching off ends sign-ins',
      access: change,
      params: IdParams,
      body: UpdateUser,
      answer: { status: 200, schema: UserAnswer },
      async handle({ by, params: { id }, body: { displayName, role, active } }) {
        const before = await directory.user(id);
        if (!before) return fail('not-found');
        const changed = {
          ...(displayName === undefined ? {} : { displayName }),
          ...(role === undefined ? {} : { role }),
          ...(active === undefined ? {} : { active }),
        };
        const updated = await directory.updateUser(id, { ...changed, updatedAt: clock.now() });
        if (!updated.ok) return updated;
        const { value } = updated;
        if (value.role !== before.role || (before.active && !value.active)) await identity.revokeUser(id);
        await audit.append({ action: 'user.update', result: 'ok', ...by, target: `user:${id}`, detail: changed });
        return ok(json(value));
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/{id}',
      summary: 'Removes a user who has no open session',
      access: change,
      params: IdParams,
      answer: { status: 204 },
      async handle({ by, params: { id } }) {
        const inUse = await refuseInUse(services.sessions, { userId: id });
        if (inUse) return inUse;
        const removed = await directory.deleteUser(id);
        if (!removed.ok) return removed;
        await identity.revokeUser(id);
        const detail = { name: removed.value.name };
        await audit.append({ action: 'user.delete', result: 'ok', ...by, target: `user:${id}`, detail });
        return ok(EMPTY);
      },
    }),
    route({
      method: 'POST',
      path: '/users/{id}/password',
      summary: 'Sets a new password and ends the user’s sign-ins and tokens',
      access: change,
      params: IdParams,
      body: ResetPassword,
      answer: { status: 204 },
      async handle({ by, params: { id }, body: { password } }) {
        const user = await directory.user(id);
        if (!user) return fail('not-found');
        const hash = await identity.hashPassword(password, user.name);
        if (!hash.ok) return hash;
        await directory.setPasswordHash(id, hash.value, clock.now());
        await identity.revokeUser(id);
        await audit.append({ action: 'user.password-reset', result: 'ok', ...by, target: `user:${id}` });
        return ok(EMPTY);
      },
    }),
    route({
      method: 'DELETE',
      path: '/users/{id}/totp',
      summary: 'Turns off the TOTP of a user who lost the authenticator',
      access: change,
      params: IdParams,
      answer: { status: 204 },
      async handle({ by, params: { id } }) {
        const refused = await identity.resetTotp(id, by);
        return refused ? { ok: false, problem: refused } : ok(EMPTY);
      },
    }),
  ];
}
