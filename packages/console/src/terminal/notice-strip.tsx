import type { Notice } from '@sallyport/core/wire/terminal-frames.js';
import { useText } from '../i18n/provider.js';
import type { Text } from '../i18n/text.js';
import { IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { useNow } from '../ui/words.js';
import { RESUME_WINDOW_MS } from './remote-shell.js';
import type { ShellView } from './shell-state.js';

const left = (sinceMs: number, seconds: number, now: number): number =>
  Math.max(0, Math.ceil(seconds - (now - sinceMs) / 1000));

/** Nothing for what is not shown to an operator in passing. */
function noticeWords(notice: Notice, since: number, now: number, t: Text): string | undefined {
  switch (notice.kind) {
    case 'idle-warning':
      return t('terminal.notice-idle', { seconds: left(since, notice.seconds, now) });
    case 'time-warning':
      return t('terminal.notice-time', { seconds: left(since, notice.seconds, now) });
    case 'unrecorded':
      return t('terminal.notice-unrecorded');
    case 'shutdown':
      return t('terminal.notice-shutdown');
    case 'unfrozen':
      return t('terminal.unfrozen', { by: notice.by, count: notice.droppedBytes });
    case 'attended':
      return t('terminal.attended', { count: notice.droppedBytes });
    default:
      return undefined;
  }
}

/** A line over the screen that takes no room from it: a resize would disturb the program. */
export function NoticeStrip({ view, onClose }: { view: ShellView; onClose(): void }) {
  const { state, notice } = view;
  if (state.at !== 'resuming' && !notice && !view.partial) return null;
  return <Strip view={view} onClose={onClose} />;
}

function Strip({ view, onClose }: { view: ShellView; onClose(): void }) {
  const t = useText();
  const now = useNow(1_000);
  const { state, notice } = view;
  const words =
    state.at === 'resuming'
      ? state.reloaded
        ? t('terminal.resuming-reload')
        : t('terminal.resuming', { seconds: left(state.since, RESUME_WINDOW_MS / 1000, now) })
      : notice
        ? noticeWords(notice.told, notice.since, now, t)
        : t('terminal.partial');
  if (words === undefined) return null;
  return (
    <div className="strip-note">
      <Icon name={state.at === 'resuming' ? 'refresh' : 'alert'} />
      <span>{words}</span>
      {state.at !== 'resuming' && (
        <IconButton icon="close" small label={t('terminal.notice-close')} onClick={onClose} />
      )}
    </div>
  );
}
