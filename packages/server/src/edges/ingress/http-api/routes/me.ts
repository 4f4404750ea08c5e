/** The one who asks: name, rights, language, password. */
import { ok } from '@sallyport/core/model/problem.js';
import { OPERATIONS, roleMay } from '@sallyport/core/model/role.js';
import type { User } from '@sallyport/core/model/user.js';
import { MeAnswer } from '@sallyport/core/wire/api-answers.js';
import { ChangePassword, UpdateMe } from '@sallyport/core/wire/api-requests.js';
import { EMPTY, json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function presentMe(user: User, { csrf, expiresAt }: { readonly csrf: string; readonly expiresAt: number }) {
  return { user, may: OPERATIONS.filter((operation) => roleMay(user.role, operation)), expiresAt, csrf };
}

export function meRoutes({ identity, directory, audit, clock }: Services): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/me',
      summary: 'Who is signed in, and what they may do',
      access: { kind: 'self' },
      answer: { status: 200, schema: MeAnswer },
      async handle({ who }) {
        return ok(json(presentMe(who.user, who)));
      },
    }),
    route({
      method: 'PATCH',
      path: '/me',
      summary: 'Changes one’s own language and displayed name',
      access: { kind: 'self' },
      body: UpdateMe,
      answer: { status: 200, schema: MeAnswer },
      async handle({ who, by, body: { language, displayName } }) {
        const updated = await directory.updateUser(who.user.id, {
          ...(language === undefined ? {} : { language }),
          ...(displayName === undefined ? {} : { displayName }),
          updatedAt: clock.now(),
        });
        if (!updated.ok) return updated;
        await audit.append({ action: 'user.update', result: 'ok', ...by, target: `user:${who.user.id}` });
        return ok(json(presentMe(updated.value, who)));
      },
    }),
    route({
      method: 'POST',
      path: '/me/password',
      summary: 'Changes one’s own password and ends one’s other sign-ins',
      access: { kind: 'self', web: true },
      body: ChangePassword,
      answer: { status: 204 },
      async handle({ who, by, cookie, body }) {
        const refused = await identity.changePassword(who.user.id, body.current, body.next, cookie, by);
        return refused ? { ok: false, problem: refused } : ok(EMPTY);
      },
    }),
  ];
}
