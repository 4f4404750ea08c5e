/** What a watcher is told, in words. */
import type { EndReasonAnswer } from '@sallyport/core/wire/api-answers.js';
import type { Ended, Notice } from '@sallyport/core/wire/terminal-frames.js';
import type { Watching } from '@sallyport/core/wire/watch-frames.js';
import type { z } from 'zod';
import type { Format } from '../i18n/format.js';
import type { Text } from '../i18n/text.js';
import { endWords } from '../terminal/shell-words.js';
import type { Happening } from './happenings.js';

/** The sentence its user reads; where that says "you", the same of the user. */
export function overWords(
  ended: Pick<Ended, 'reason' | 'code' | 'params' | 'exitCode' | 'signal'>,
  user: string,
  t: Text,
): string {
  switch (ended.reason) {
    case 'closed-by-user':
    case 'client-lost':
      return t(`watch.over-${ended.reason}`, { user });
    default:
      return endWords(ended, t);
  }
}

/** The row's reason as a frame would have told it: for who comes when it is over. */
export function endedOf(reason: z.infer<typeof EndReasonAnswer> | undefined): Ended {
  if (reason === undefined) return { reason: 'interrupted' };
  const { kind, by, reason: words, preset, detail, limitMs, code, exitCode, signal } = reason;
  const params = {
    ...reason.params,
    ...(by !== undefined && { by }),
    ...(words !== undefined && { reason: words }),
    ...(preset !== undefined && { preset }),
    ...(detail !== undefined && { detail }),
    ...(limitMs !== undefined && { minutes: String(Math.round(limitMs / 60_000)) }),
  };
  return {
    reason: kind,
    params,
    ...(code !== undefined && { code }),
    ...(exitCode !== undefined && { exitCode }),
    ...(signal !== undefined && { signal }),
  };
}

export function noticeWords(notice: Notice, user: string, t: Text, format: Format): string {
  switch (notice.kind) {
    case 'idle-warning':
    case 'time-warning':
      return t(`watch.notice-${notice.kind}`, { seconds: notice.seconds });
    case 'frozen':
      return t('watch.notice-frozen', { user, by: notice.by, reason: notice.reason });
    case 'unfrozen':
      return t('watch.notice-unfrozen', { user, by: notice.by, count: notice.droppedBytes });
    case 'unwatched':
      return t('watch.notice-unwatched', { user });
    case 'attended':
      return t('watch.notice-attended', { user, count: notice.droppedBytes });
    case 'message':
      return t('watch.notice-message', { user, by: notice.by, text: notice.text });
    case 'resynchronised':
      return t('watch.notice-resynchronised', { size: format.bytes(notice.skippedBytes) });
    case 'watched':
      return format.list(notice.names);
    case 'unrecorded':
    case 'shutdown':
    case 'read-only':
    case 'screen-unknown':
      return t(`watch.notice-${notice.kind}`);
  }
}

export function happeningWords(what: Happening, user: string, t: Text, format: Format): string {
  switch (what.kind) {
    case 'came':
    case 'left':
      return t(`watch.happened-${what.kind}`, { name: what.name });
    case 'size':
      return t('watch.happened-size', { cols: what.cols, rows: what.rows });
    case 'told':
      return noticeWords(what.notice, user, t, format);
    case 'joined':
    case 'lost':
    case 'rejoined':
    case 'over':
      return t(`watch.happened-${what.kind}`);
  }
}

/** "you and 吴桐": each name once, oneself first and not by name. */
export function watcherNames({ watchers }: Pick<Watching, 'watchers'>, own: string, t: Text, format: Format): string {
  const others = [...new Set(watchers)].filter((name) => name !== own);
  return format.list([t('watch.you'), ...others]);
}
