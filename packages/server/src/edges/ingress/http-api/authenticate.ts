/**
 * Who asks, by bearer token or cookie. What is there must be right: a bad token beside a good cookie is refused, a
 * missing one is refused, and a throw is a refusal too, by the error handler (V31).
 */
import type { IncomingMessage } from 'node:http';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { CurrentSignIn, Identity } from '../../../gateway/ports/identity.js';
import { CSRF_HEADER, type SameSite, sameCsrf } from './same-site.js';
import type { SignInCookie } from './sign-in-cookie.js';
import type { SourceAddresses } from './source-address.js';

export interface Authenticated {
  readonly who: CurrentSignIn;
  readonly cookie?: string;
}
export interface UpgradeDoor {
  /** By bearer token too. */
  readonly tokens?: boolean;
  readonly how?: 'slide' | 'look';
}
export interface Authenticator {
  request(request: IncomingMessage): Promise<Result<Authenticated>>;
  upgrade(request: IncomingMessage, door?: UpgradeDoor): Promise<Result<CurrentSignIn>>;
}

const READING = new Set(['GET', 'HEAD']);
const BEARER = /^Bearer ([A-Za-z0-9_-]{1,128})$/i;

export function createAuthenticator(parts: {
  readonly identity: Pick<Identity, 'bySignIn' | 'byToken'>;
  readonly sameSite: SameSite;
  readonly cookie: SignInCookie;
  readonly addresses: SourceAddresses;
}): Authenticator {
  const { identity, sameSite, cookie, addresses } = parts;
  return {
    async request(request) {
      const address = addresses.of(request);
      const { authorization } = request.headers;
      if (authorization !== undefined) {
        const token = BEARER.exec(authorization)?.[1];
        if (token === undefined) return fail('auth.token-refused');
        const who = await identity.byToken(token, address);
        if (who.ok) return ok({ who: who.value });
        // Wrong, revoked and expired get one answer; “sign in first” would not say that a token came.
        return who.problem.code === 'auth.required' ? fail('auth.token-refused') : who;
      }
      const value = cookie.read(request);
      if (value === undefined) return fail('auth.required');
      const who = await identity.bySignIn(value, address);
      if (!who.ok) return who;
      if (!READING.has(request.method ?? '') && !sameCsrf(request.headers[CSRF_HEADER], who.value.csrf)) {
        return fail('request.csrf');
      }
      return ok({ who: who.value, cookie: value });
    },

    async upgrade(request, door = {}) {
      const { authorization } = request.headers;
      // No page of a browser can send it, so nothing is asked of the Origin.
      if (authorization !== undefined && door.tokens === true) {
        const token = BEARER.exec(authorization)?.[1];
        return token === undefined ? fail('auth.token-refused') : identity.byToken(token, addresses.of(request));
      }
      const refused = sameSite.checkUpgrade(request);
      if (refused) return { ok: false, problem: refused };
      const value = cookie.read(request);
      return value === undefined ? fail('auth.required') : identity.bySignIn(value, addresses.of(request), door.how);
    },
  };
}
