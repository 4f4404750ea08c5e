/** Signing in and out of the browser. */
import { fail, ok } from '@sallyport/core/model/problem.js';
import { MeAnswer } from '@sallyport/core/wire/api-answers.js';
import { SignIn } from '@sallyport/core/wire/api-requests.js';
import { EMPTY, publicRoute, type Route, route } from '../route.js';
import type { Services } from '../services.js';
import { presentMe } from './me.js';

export function signInRoutes({ identity, directory }: Services): readonly Route[] {
  return [
    publicRoute({
      method: 'POST',
      path: '/sign-in',
      summary: 'Signs in by password and, where switched on, code; sets the cookie',
      body: SignIn,
      answer: { status: 200, schema: MeAnswer },
      async handle({ body, address, userAgent }) {
        const { name, password, code } = body;
        const signedIn = await identity.signIn({
          name,
          password,
          ...(code === undefined ? {} : { code }),
          address,
          userAgent,
        });
        if (!signedIn.ok) return signedIn;
        const user = await directory.user(signedIn.value.principal.userId);
        if (!user) return fail('auth.failed');
        return ok({ kind: 'json', status: 200, value: presentMe(user, signedIn.value), signedIn: signedIn.value });
      },
    }),
    route({
      method: 'POST',
      path: '/sign-out',
      summary: 'Ends this sign-in',
      access: { kind: 'self' },
      answer: { status: 204 },
      async handle({ cookie, by }) {
        if (cookie === undefined) return ok(EMPTY);
        await identity.signOut(cookie, by);
        return ok({ kind: 'empty', signedOut: true });
      },
    }),
  ];
}
