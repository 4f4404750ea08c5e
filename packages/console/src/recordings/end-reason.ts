import { describeProblem, isProblemCode } from '@sallyport/core/model/problem.js';
import type { EndReasonAnswer } from '@sallyport/core/wire/api-answers.js';
import type { z } from 'zod';
import { apiLanguage } from '../i18n/language.js';
import type { Text } from '../i18n/text.js';

export type EndReason = z.infer<typeof EndReasonAnswer>;

/** Why a session is over, in a few words for a list; `tone` says whether somebody should look. */
export interface EndWords {
  readonly text: string;
  readonly tone: 'done' | 'warn' | 'bad';
}

const MINUTE_MS = 60_000;

export function endWords(reason: EndReason | undefined, t: Text): EndWords {
  if (reason === undefined) return { text: t('recordings.end-unknown'), tone: 'done' };
  const minutes = Math.round((reason.limitMs ?? 0) / MINUTE_MS);
  switch (reason.kind) {
    case 'remote-exit': {
      if (reason.signal !== undefined)
        return { text: t('recordings.end-signal', { signal: reason.signal }), tone: 'done' };
      const code = reason.exitCode ?? 0;
      return { text: code === 0 ? t('recordings.end-left') : t('recordings.end-exit', { code }), tone: 'done' };
    }
    case 'closed-by-user':
      return { text: t('recordings.end-closed'), tone: 'done' };
    case 'client-lost':
      return { text: t('recordings.end-page-lost'), tone: 'done' };
    case 'shutdown':
      return { text: t('recordings.end-shutdown'), tone: 'done' };
    case 'idle-limit':
      return { text: t('recordings.end-idle', { minutes }), tone: 'done' };
    case 'time-limit':
      return { text: t('recordings.end-time', { minutes }), tone: 'done' };
    case 'ended-by-admin':
      return { text: t('recordings.end-by', { by: reason.by ?? '?', reason: reason.reason ?? '' }), tone: 'bad' };
    case 'target-lost':
      return { text: t('recordings.end-target-lost'), tone: 'warn' };
    case 'interrupted':
      return { text: t('recordings.end-interrupted'), tone: 'warn' };
    case 'recording-failed':
      return { text: t('recordings.end-recording-failed', { detail: reason.detail ?? '' }), tone: 'bad' };
    case 'failed':
      return { text: failed(reason, t), tone: 'warn' };
    default:
      return { text: reason.kind, tone: 'done' };
  }
}

function failed({ code, params }: EndReason, t: Text): string {
  if (code === undefined || !isProblemCode(code)) return t('recordings.end-failed');
  return describeProblem({ code, params: params ?? {} }, apiLanguage(t.language)).title;
}
