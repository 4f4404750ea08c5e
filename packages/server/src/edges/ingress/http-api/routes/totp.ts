/** One's own second factor. */
import { ok } from '@sallyport/core/model/problem.js';
import { RecoveryCodesAnswer, TotpAnswer } from '@sallyport/core/wire/api-answers.js';
import { ConfirmTotp, RemoveTotp } from '@sallyport/core/wire/api-requests.js';
import { EMPTY, json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function totpRoutes({ identity }: Services): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/me/totp',
      summary: 'Begins TOTP: the secret for the authenticator, in force only once confirmed',
      access: { kind: 'self', web: true },
      answer: { status: 200, schema: TotpAnswer },
      async handle({ who }) {
        const begun = await identity.beginTotp(who.user.id);
        return begun.ok ? ok(json(begun.value)) : begun;
      },
    }),
    route({
      method: 'POST',
      path: '/me/totp/confirm',
      summary: 'Turns TOTP on; answers ten recovery codes, shown this once',
      access: { kind: 'self', web: true },
      body: ConfirmTotp,
      answer: { status: 200, schema: RecoveryCodesAnswer },
      async handle({ who, by, body }) {
        const confirmed = await identity.confirmTotp(who.user.id, body.code, by);
        return confirmed.ok ? ok(json({ codes: confirmed.value })) : confirmed;
      },
    }),
    route({
      method: 'DELETE',
      path: '/me/totp',
      summary: 'Turns TOTP off',
      access: { kind: 'self', web: true },
      body: RemoveTotp,
      answer: { status: 204 },
      async handle({ who, by, body }) {
        const refused = await identity.removeTotp(who.user.id, body.password, by);
        return refused ? { ok: false, problem: refused } : ok(EMPTY);
      },
    }),
  ];
}
