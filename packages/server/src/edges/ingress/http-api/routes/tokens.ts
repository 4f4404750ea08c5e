/** One's own API tokens. */
import { fail, ok } from '@sallyport/core/model/problem.js';
import { NewTokenAnswer, pageOf, TokenAnswer } from '@sallyport/core/wire/api-answers.js';
import { CreateToken, IdParams } from '@sallyport/core/wire/api-requests.js';
import { created, EMPTY, json, type Route, route } from '../route.js';
import type { Services } from '../services.js';

export function tokenRoutes({ identity }: Services): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/me/tokens',
      summary: 'Lists one’s own API tokens',
      access: { kind: 'self' },
      answer: { status: 200, schema: pageOf(TokenAnswer) },
      async handle({ who }) {
        return ok(json({ items: await identity.tokens(who.user.id) }));
      },
    }),
    route({
      method: 'POST',
      path: '/me/tokens',
      summary: 'Makes an API token; the only time it is shown',
      access: { kind: 'self', web: true },
      body: CreateToken,
      answer: { status: 201, schema: NewTokenAnswer },
      async handle({ who, by, body }) {
        const made = await identity.createToken(who.user.id, body.name, body.days, by);
        return made.ok ? ok(created({ ...made.value.row, token: made.value.token })) : made;
      },
    }),
    route({
      method: 'DELETE',
      path: '/me/tokens/current',
      summary: 'Revokes the API token that asks',
      access: { kind: 'self' },
      answer: { status: 204 },
      async handle({ who: { principal }, by }) {
        if (principal.via !== 'token') return fail('not-found');
        return (await identity.revokeToken(principal.userId, principal.credentialId, by))
          ? ok(EMPTY)
          : fail('not-found');
      },
    }),
    route({
      method: 'DELETE',
      path: '/me/tokens/{id}',
      summary: 'Revokes an API token',
      access: { kind: 'self' },
      params: IdParams,
      answer: { status: 204 },
      async handle({ who, by, params }) {
        return (await identity.revokeToken(who.user.id, params.id, by)) ? ok(EMPTY) : fail('not-found');
      },
    }),
  ];
}
