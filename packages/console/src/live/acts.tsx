import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { Link } from '@tanstack/react-router';
import { playable } from '../api/sessions.js';
import type { Controls } from '../control/controls.js';
import { type Act, mayDo } from '../control/may-do.js';
import { useText } from '../i18n/provider.js';
import { Icon } from '../ui/icon.js';
import type { IconName } from '../ui/icon-paths.js';

const ASKED: readonly (readonly [Exclude<Act, 'watch' | 'message' | 'block'>, IconName, string])[] = [
  ['freeze', 'pause', ''],
  ['unfreeze', 'play', ''],
  ['end', 'stop', ' d'],
];

/** Live: watch, freeze, end. Over: replay. Names in the tile, icons alone in the table. */
export function Acts(props: {
  session: SessionAnswer;
  me: MeAnswer;
  controls: Pick<Controls, 'act'>;
  icons?: boolean;
}) {
  const { session, me, controls, icons = false } = props;
  const t = useText();
  const who = { user: session.userName, host: session.hostName };
  const look = icons ? 'icon s' : 'btn s g';
  const own = session.userId === me.user.id;
  const over = session.endedAt !== undefined;
  return (
    <span className="acts">
      {mayDo('watch', session, me) && (
        <Link
          to="/live/$id"
          params={{ id: session.id }}
          className={`${look} a`}
          data-act="watch"
          aria-label={t('control.watch-of', who)}
          title={t('control.watch')}
          preload={false}
        >
          <Icon name="eye" />
          {!icons && t('control.watch')}
        </Link>
      )}
      {over && playable(session) && (own || me.may.includes('replay')) && (
        <Link
          to="/recordings/$id"
          params={{ id: session.id }}
          className={`${look} a`}
          data-act="watch"
          aria-label={t('recordings.play-of', who)}
          title={t('watch.replay')}
          preload={false}
        >
          <Icon name="play" />
          {!icons && t('watch.replay')}
        </Link>
      )}
      {ASKED.filter(([act]) => mayDo(act, session, me)).map(([act, icon, tone]) => (
        <button
          key={act}
          type="button"
          className={`${look}${tone}`}
          data-act={act === 'end' ? 'end' : 'freeze'}
          aria-label={t(`control.of-${act}`, who)}
          title={t(`control.do-${act}`)}
          onClick={() => controls.act(act, session)}
        >
          <Icon name={icon} />
          {!icons && t(`control.do-${act}`)}
        </button>
      ))}
    </span>
  );
}
