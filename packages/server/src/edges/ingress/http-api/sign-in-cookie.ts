/** The sign-in cookie (V27). `__Host-` binds it to this very host and to TLS; plain HTTP exists on loopback alone. */
import type { IncomingMessage } from 'node:http';

export interface SignInCookie {
  readonly name: string;
  read(request: IncomingMessage): string | undefined;
  set(token: string): string;
  clear(): string;
}

export function createSignInCookie(secure: boolean): SignInCookie {
  const name = secure ? '__Host-sallyport' : 'sallyport-loopback';
  const attributes = `Path=/; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
  return {
    name,
    read(request) {
      for (const pair of (request.headers.cookie ?? '').split(';')) {
        const equals = pair.indexOf('=');
        if (equals > 0 && pair.slice(0, equals).trim() === name) return pair.slice(equals + 1).trim();
      }
      return undefined;
    },
    set: (token) => `${name}=${token}; ${attributes}`,
    clear: () => `${name}=; Max-Age=0; ${attributes}`,
  };
}
