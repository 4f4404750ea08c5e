import { type Problem, problem } from '@sallyport/core/model/problem.js';
import { peerText } from './peer-text.js';

export type LinkStage = 'exchange' | 'sign-in' | 'shell' | 'open';

/** What the library tells about an error beyond its message. */
interface LibraryError extends Error {
  readonly level?: string;
  readonly code?: string | number;
  readonly errors?: readonly Error[];
}

const UNREACHABLE: Readonly<Record<string, string>> = {
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  EHOSTDOWN: 'the host is down',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'the address cannot be used',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  EINVAL: 'the address cannot be used',
  EDENIED: 'this address is never dialled',
};

/** A socket that did not get as far as connected. Several addresses may have been tried: the plainest reason wins. */
export function networkProblem(error: Error, address: string): Problem {
  const { code, errors } = error as LibraryError;
  const codes = errors?.length ? errors.map((each) => (each as LibraryError).code) : [code];
  if (codes.includes('ECONNREFUSED')) return problem('target.refused', { address });
  if (codes.includes('ETIMEDOUT')) return problem('target.timeout', { address, seconds: '8' });
  for (const each of codes) {
    const detail = UNREACHABLE[String(each)];
    if (detail) return problem('target.unreachable', { address, detail });
  }
  if (String(code).startsWith('EAI_') || code === 'ENOTFOUND') return problem('target.unresolved', { address });
  return problem('target.unreachable', { address, detail: String(code ?? 'unknown network error') });
}

const LOST: Readonly<Record<string, string>> = {
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ETIMEDOUT: 'the network gave no answer',
  ECONNABORTED: 'the connection was aborted',
  EHOSTUNREACH: 'no route to the host any more',
  ENETUNREACH: 'no route to the network any more',
};

/** Why a connection is gone, in a few plain words. */
export function lossDetail(error: Error): string {
  const { code, level, message } = error as LibraryError;
  if (typeof code === 'string' && LOST[code]) return LOST[code];
  if (level === 'client-timeout') return 'the host stopped answering';
  // A number is the reason of a DISCONNECT message; its text is the host's own.
  if (typeof code === 'number') return `the host said: ${peerText(message)}`;
  return peerText(message) || 'closed';
}

/** An error of the library, as the stage it met makes of it. `offered` names what the host offered, when known. */
export function linkProblem(
  error: Error,
  stage: LinkStage,
  names: { readonly address: string; readonly host: string; readonly login: string; readonly kind: string },
  offered: (what: string) => string | undefined,
): Problem {
  const { level, code, message } = error as LibraryError;
  const { address, host, login, kind } = names;
  if (stage === 'sign-in') {
    // 14: no more authentication methods; OpenSSH says 2 with these words.
    if (level === 'client-authentication' || code === 14 || /authentication fail/i.test(message)) {
      return problem('target.auth-failed', { host, login, kind });
    }
  }
  if (stage === 'exchange') {
    const unmatched = /no matching (key exchange|host key|[CS]->[CS] (?:cipher|MAC|compression))/i.exec(message)?.[1];
    if (unmatched) {
      const list = offered(unmatched);
      return problem('target.algorithms', { address, detail: list ? `${unmatched}: ${list}` : unmatched });
    }
    const isNetwork = level === 'client-socket' || typeof code === 'number';
    if (!isNetwork) return problem('target.not-ssh', { address, detail: peerText(message) });
  }
  return problem('target.lost', { address, detail: lossDetail(error) });
}
