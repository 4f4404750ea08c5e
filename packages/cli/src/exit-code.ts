/** Exit codes of the command line; scripts rely on them, so they are stable. */
import type { ProblemCode } from '@sallyport/core/model/problem.js';

export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  signIn: 3,
  denied: 4,
  notFound: 5,
  conflict: 6,
  unreachable: 7,
  interrupted: 130,
} as const;

/** By status, so that a code this program does not know yet still ends sensibly. */
export function exitCodeFor(status: number, code: ProblemCode | string): number {
  if (code === 'auth.forbidden' || code === 'auth.inactive') return EXIT.denied;
  switch (status) {
    case 400:
    case 413:
    case 422:
      return EXIT.usage;
    case 401:
      return EXIT.signIn;
    case 403:
    case 429:
      return EXIT.denied;
    case 404:
      return EXIT.notFound;
    case 409:
      return EXIT.conflict;
    case 502:
    case 503:
    case 504:
      return EXIT.unreachable;
    default:
      return EXIT.failed;
  }
}
