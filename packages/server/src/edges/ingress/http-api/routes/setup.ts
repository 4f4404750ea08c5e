/** What the page shows before anybody can sign in, and the first administrator. */
import { ok } from '@sallyport/core/model/problem.js';
import { MeAnswer, StatusAnswer } from '@sallyport/core/wire/api-answers.js';
import { Setup } from '@sallyport/core/wire/api-requests.js';
import { json, publicRoute, type Route } from '../route.js';
import type { Services } from '../services.js';
import { presentMe } from './me.js';

export function setupRoutes({ identity, version, demo }: Services): readonly Route[] {
  return [
    publicRoute({
      method: 'GET',
      path: '/status',
      summary: 'Product, version and whether the first administrator exists',
      answer: { status: 200, schema: StatusAnswer },
      async handle() {
        return ok(json({ product: 'sallyport', version, setUp: await identity.isSetUp(), demo }));
      },
    }),
    publicRoute({
      method: 'POST',
      path: '/setup',
      summary: 'Makes the first administrator with the one-use setup token and signs in',
      body: Setup,
      answer: { status: 201, schema: MeAnswer },
      async handle({ body, address, userAgent }) {
        const { token, name, password } = body;
        const made = await identity.completeSetup(token, name, body.displayName ?? '', password, address);
        if (!made.ok) return made;
        const signedIn = await identity.signIn({ name, password, address, userAgent });
        if (!signedIn.ok) return signedIn;
        return ok({
          kind: 'json',
          status: 201,
          value: presentMe(made.value, signedIn.value),
          signedIn: signedIn.value,
        });
      },
    }),
  ];
}
