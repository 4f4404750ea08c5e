/** What is said over the watched screen and under it: held keys, a lost line, what passes, the end. */
import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { playable } from '../api/sessions.js';
import { useFormat, useText } from '../i18n/provider.js';
import { failureWords } from '../terminal/shell-words.js';
import { Button, buttonClass, IconButton } from '../ui/button.js';
import { Icon } from '../ui/icon.js';
import { useNow } from '../ui/words.js';
import { endedOf, noticeWords, overWords } from './watch-words.js';
import type { Watcher, WatchView } from './watcher.js';

const NOTICE_MS = 8_000;

export function OverScreen(props: { session: SessionAnswer; view: WatchView; watcher: Watcher | undefined }) {
  const { session, view, watcher } = props;
  const t = useText();
  const format = useFormat();
  const { state, facts, notice } = view;
  const since = notice?.since;
  useEffect(() => {
    if (since === undefined) return;
    const timer = setTimeout(() => watcher?.dismissNotice(), NOTICE_MS);
    return () => clearTimeout(timer);
  }, [since, watcher]);
  const user = session.userName;
  return (
    <>
      {facts?.frozen && state.at === 'watching' && (
        <div className="standing">
          <div className="strip-note frozen" role="status">
            <Icon name="pause" />
            <span>
              {t('watch.frozen', {
                user,
                by: facts.frozen.by,
                reason: facts.frozen.reason,
                time: format.time(facts.frozen.at),
              })}
            </span>
          </div>
        </div>
      )}
      {state.at === 'lost' && <Lost since={state.since} />}
      {facts?.opening && state.at === 'watching' && <Stamp text={t('watch.opening-screen')} />}
      {view.unknown && state.at === 'watching' && <Stamp text={t('watch.notice-screen-unknown')} />}
      {state.at === 'joining' && !view.shown && <Stamp text={t('watch.joining-screen')} />}
      {notice && state.at === 'watching' && (
        <div className="strip-note" role="status">
          <Icon name={notice.told.kind === 'message' ? 'message' : 'info'} />
          <span>{noticeWords(notice.told, user, t, format)}</span>
          <IconButton icon="close" small label={t('terminal.notice-close')} onClick={() => watcher?.dismissNotice()} />
        </div>
      )}
    </>
  );
}

function Stamp({ text, warn = false }: { text: string; warn?: boolean }) {
  return (
    <div className="wstamp" role="status">
      <span>
        <Icon name={warn ? 'off' : 'clock'} />
        {text}
      </span>
    </div>
  );
}

function Lost({ since }: { since: number }) {
  const t = useText();
  const seconds = Math.max(0, Math.round((useNow(1_000) - since) / 1000));
  return <Stamp warn text={t('watch.lost-screen', { seconds })} />;
}

/** The last word: what its user read, and the way on. */
export function WatchOver(props: { session: SessionAnswer; view: WatchView; me: MeAnswer; onAgain(): void }) {
  const { session, view, me } = props;
  const t = useText();
  const format = useFormat();
  const { state } = view;
  if (state.at !== 'over' && state.at !== 'refused') return null;
  const over = state.at === 'over' || session.endedAt !== undefined;
  const when = state.at === 'over' ? state.when : session.endedAt;
  const ended = state.at === 'over' ? state.ended : endedOf(session.endReason);
  const failure = state.at === 'refused' && !over ? failureWords(state.failure, t) : undefined;
  const own = session.userId === me.user.id;
  return (
    <div className={view.shown ? 'dock wover' : 'dock wover alone'} role="status">
      {failure === undefined ? (
        <p>
          <b>{overWords(ended, session.userName, t)}</b>{' '}
          {when !== undefined && <span className="t2">{format.dateTimeSeconds(when)}</span>}
        </p>
      ) : (
        <p>
          <b>{failure.title}</b> {failure.next}
        </p>
      )}
      <span className="row row-w">
        {over && playable(session) && (own || me.may.includes('replay')) && (
          <Link
            to="/recordings/$id"
            params={{ id: session.id }}
            className={buttonClass({ kind: 'primary', size: 's' })}
            preload={false}
          >
            <Icon name="play" />
            {t('watch.replay')}
          </Link>
        )}
        {failure !== undefined && (
          <Button kind="primary" size="s" icon="refresh" onClick={props.onAgain}>
            {t('common.retry')}
          </Button>
        )}
        <Link to="/live" search={{}} className={buttonClass({ size: 's' })}>
          {t('watch.to-live')}
        </Link>
      </span>
    </div>
  );
}
