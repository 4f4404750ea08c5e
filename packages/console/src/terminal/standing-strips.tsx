import { useFormat, useText } from '../i18n/provider.js';
import { IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import type { Message, Standing } from './standing.js';

/** "林伟 is watching", by name: nothing when nobody does, or when the rule is not to tell. */
export function WatchedBy({ watchers }: { watchers: readonly string[] }) {
  const t = useText();
  const format = useFormat();
  if (watchers.length === 0) return null;
  return (
    <span className="watched cut" title={t('terminal.watched-help')}>
      <Icon name="eye" />
      {t('terminal.watched', { names: format.list(watchers), count: watchers.length })}
    </span>
  );
}

/** Over the screen, taking no room from it: held keys as long as they are held, messages until they are closed. */
export function StandingStrips({ standing, onClose }: { standing: Standing; onClose(message: Message): void }) {
  const t = useText();
  const format = useFormat();
  const { frozen, unwatched, messages } = standing;
  if (!frozen && !unwatched && messages.length === 0) return null;
  return (
    <div className="standing">
      {frozen && (
        <div className="strip-note frozen" role="status">
          <Icon name="lock" />
          <span>{t('terminal.frozen', { by: frozen.by, reason: frozen.reason, time: format.time(frozen.at) })}</span>
        </div>
      )}
      {unwatched && (
        <div className="strip-note frozen" role="status">
          <Icon name="eye" />
          <span>
            {unwatched.endsAt === undefined
              ? t('terminal.unwatched')
              : t('terminal.unwatched-until', { time: format.time(unwatched.endsAt) })}
          </span>
        </div>
      )}
      {messages.map((message) => (
        <div className="strip-note said" role="status" key={`${message.at} ${message.text}`}>
          <Icon name="note" />
          <span>
            <b>{t('terminal.message-from', { by: message.by, time: format.time(message.at) })}</b> {message.text}
          </span>
          <IconButton icon="close" small label={t('terminal.message-close')} onClick={() => onClose(message)} />
        </div>
      ))}
    </div>
  );
}
