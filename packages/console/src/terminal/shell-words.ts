/** What happened to a shell, in the user's words. */
import { endCause } from '@sallyport/core/model/end-words.js';
import { describeProblem, isProblemCode } from '@sallyport/core/model/problem.js';
import type { Ended } from '@sallyport/core/wire/terminal-frames.js';
import type { Format } from '../i18n/format.js';
import { apiLanguage } from '../i18n/language.js';
import type { Text } from '../i18n/text.js';
import { type Failure, NETWORK } from './frame-reading.js';
import type { ShellState } from './shell-state.js';

export function endWords(ended: Pick<Ended, 'reason' | 'code' | 'params' | 'exitCode' | 'signal'>, t: Text): string {
  const params = ended.params ?? {};
  switch (ended.reason) {
    case 'remote-exit':
      if (ended.signal !== undefined) return t('terminal.end-remote-signal', { signal: ended.signal });
      return ended.exitCode === undefined
        ? t('terminal.end-remote-exit-plain')
        : t('terminal.end-remote-exit', { code: ended.exitCode });
    case 'closed-by-user':
    case 'client-lost':
    case 'target-lost':
    case 'recording-failed':
    case 'unwatched':
    case 'interrupted':
    case 'shutdown':
    case 'taken-over':
      return t(`terminal.end-${ended.reason}`);
    case 'idle-limit':
    case 'time-limit':
      return t(`terminal.end-${ended.reason}`, { minutes: params.minutes ?? '?' });
    case 'ended-by-admin':
      return t('terminal.end-ended-by-admin', {
        by: params.by ?? '?',
        reason: endCause({ preset: params.preset, reason: params.reason ?? '' }, apiLanguage(t.language)),
      });
    default:
      return ended.code !== undefined && isProblemCode(ended.code)
        ? describeProblem({ code: ended.code, params }, apiLanguage(t.language)).title
        : t('terminal.end-other', { reason: ended.code ?? ended.reason });
  }
}

export function failureWords(failure: Failure, t: Text): { readonly title: string; readonly next: string } {
  if (failure.code === NETWORK.code) return { title: t('terminal.network'), next: t('terminal.network-next') };
  if (isProblemCode(failure.code))
    return describeProblem({ code: failure.code, params: failure.params }, apiLanguage(t.language));
  return { title: endWords({ reason: failure.code, params: failure.params }, t), next: '' };
}

/** Written under the output when a shell stops; nothing for one that never showed any. */
export function stoppedLine(state: ShellState, t: Text, format: Format): string | undefined {
  switch (state.at) {
    case 'over':
      return t('terminal.over-line', { why: endWords(state.ended, t), time: format.time(state.when) });
    case 'lost': {
      const time = format.time(state.when);
      return state.failure.code === NETWORK.code
        ? t('terminal.lost-line', { time })
        : t('terminal.lost-why', { time, why: failureWords(state.failure, t).title });
    }
    default:
      return undefined;
  }
}
