/**
 * Did our own page send it? Origin against the address people are told to use, or, without one, against the Host header
 * when that is an IP address or localhost: a name anybody can point at us proves nothing (DNS rebinding, V30).
 */
import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { type Problem, problem } from '@sallyport/core/model/problem.js';

export const CSRF_HEADER = 'x-sallyport-csrf';
const ORIGIN_SHOWN_CHARACTERS = 128;

export interface SameSite {
  /** For changing requests: what a browser says must fit; other programs say nothing. */
  checkChange(request: IncomingMessage): Problem | undefined;
  /** For WebSockets: a browser always says; silence is refused. */
  checkUpgrade(request: IncomingMessage): Problem | undefined;
}

export function createSameSite(options: { readonly publicUrl: string | undefined; readonly tls: boolean }): SameSite {
  const publicOrigin = options.publicUrl === undefined ? undefined : new URL(options.publicUrl).origin;

  const isOwn = (origin: string, host: string | undefined): boolean => {
    if (publicOrigin !== undefined) return origin === publicOrigin;
    if (host === undefined) return false;
    let own: URL;
    try {
      own = new URL(`${options.tls ? 'https' : 'http'}://${host}`);
    } catch {
      return false;
    }
    const name = own.hostname.replace(/^\[|\]$/g, '');
    return origin === own.origin && (isIP(name) !== 0 || name === 'localhost' || name.endsWith('.localhost'));
  };
  const foreign = (origin: string): Problem =>
    problem('request.origin', { origin: origin.slice(0, ORIGIN_SHOWN_CHARACTERS) });

  return {
    checkChange({ headers }) {
      const { origin } = headers;
      if (origin !== undefined) return isOwn(origin, headers.host) ? undefined : foreign(origin);
      const site = headers['sec-fetch-site'];
      return site === undefined || site === 'same-origin' || site === 'none' ? undefined : foreign(String(site));
    },
    checkUpgrade({ headers }) {
      const { origin } = headers;
      return origin !== undefined && isOwn(origin, headers.host) ? undefined : foreign(origin ?? 'none');
    },
  };
}

export function sameCsrf(given: string | string[] | undefined, expected: string): boolean {
  if (typeof given !== 'string') return false;
  const left = Buffer.from(given, 'utf8');
  const right = Buffer.from(expected, 'utf8');
  return left.length > 0 && left.length === right.length && timingSafeEqual(left, right);
}
