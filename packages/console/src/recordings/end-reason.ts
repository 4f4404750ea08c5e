import { endWords as wordsOf } from '@sallyport/core/model/end-words.js';
import type { EndReasonAnswer } from '@sallyport/core/wire/api-answers.js';
import type { z } from 'zod';
import { apiLanguage } from '../i18n/language.js';
import type { Text } from '../i18n/text.js';

export type EndReason = z.infer<typeof EndReasonAnswer>;

/** Why a session is over, in a few words; `tone` says whether somebody should look. */
export interface EndWords {
  readonly text: string;
  readonly tone: 'done' | 'warn' | 'bad';
}

export function endWords(reason: EndReason | undefined, t: Text): EndWords {
  if (reason === undefined) return { text: t('recordings.end-unknown'), tone: 'done' };
  return { text: wordsOf(reason, apiLanguage(t.language)), tone: toneOf(reason.kind) };
}

function toneOf(kind: string): EndWords['tone'] {
  switch (kind) {
    case 'ended-by-admin':
    case 'ended-by-policy':
    case 'recording-failed':
    case 'unwatched':
      return 'bad';
    case 'target-lost':
    case 'interrupted':
    case 'failed':
      return 'warn';
    default:
      return 'done';
  }
}
