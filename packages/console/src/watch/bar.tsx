import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { ReactNode } from 'react';
import { type Act, type Acted, mayDo } from '../control/may-do.js';
import { useFormat, useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import type { IconName } from '../ui/icon-paths.js';
import { Avatar, State, useNow } from '../ui/words.js';
import { watcherNames } from './watch-words.js';
import type { WatchView } from './watcher.js';

/** Whose screen this is, whether it is the present one, who looks on, and what may be done. */
export function WatchBar(props: {
  session: SessionAnswer;
  view: WatchView;
  me: MeAnswer;
  /** Another moment is shown. */
  shifted: boolean;
  onAct(act: Exclude<Act, 'watch'>): void;
}) {
  const { session, view, me } = props;
  const t = useText();
  const format = useFormat();
  const { facts, state } = view;
  const beganAt = facts?.liveAt ?? session.liveAt ?? session.createdAt;
  const names = facts && watcherNames(facts, me.user.name, t, format);
  const recorded = facts?.recorded ?? (session.recording !== undefined && session.recording.state !== 'missing');
  return (
    <div className="wbar">
      <Avatar name={session.userName} />
      <div className="f">
        <span className="cut">
          <b>{session.userName}</b> <span className="t3">→</span> <b>{session.hostName}</b>{' '}
          {t('replay.as-login', { login: facts?.login ?? session.login })}
        </span>
        <small className="t2 cut">{t('watch.from', { source: facts?.sourceAddress ?? session.sourceAddress })}</small>
      </div>
      <div className="f">
        <WatchedState session={session} view={view} beganAt={beganAt} shifted={props.shifted} />
        <small className="t2 cut">
          {facts?.watcherRequired && state.at === 'watching'
            ? t(`watch.required-${facts.watcherRequired}`, { user: session.userName })
            : t('watch.since', { at: format.dateTime(beganAt) })}
        </small>
      </div>
      <div className="f wseen">
        {!facts?.opening && (
          <span className={recorded ? 'rec' : 'rec off'}>{t(recorded ? 'watch.recorded' : 'watch.unrecorded')}</span>
        )}
        <small className="t2 cut">
          {state.at !== 'over' &&
            facts &&
            names !== undefined &&
            t(facts.notice === 'always' ? 'watch.watchers-told' : 'watch.watchers-silent', {
              names,
              user: session.userName,
            })}
        </small>
      </div>
      <div className="end">
        {state.at === 'over' || session.endedAt !== undefined ? null : (
          <Acts session={session} view={view} me={me} onAct={props.onAct} />
        )}
      </div>
    </div>
  );
}

const ACTS: readonly (readonly [Exclude<Act, 'watch'>, IconName])[] = [
  ['freeze', 'pause'],
  ['unfreeze', 'play'],
  ['message', 'message'],
  ['block', 'block'],
  ['end', 'stop'],
];

function Acts(props: {
  session: SessionAnswer;
  view: WatchView;
  me: MeAnswer;
  onAct(act: Exclude<Act, 'watch'>): void;
}) {
  const { session, view, me, onAct } = props;
  const t = useText();
  const now = actedOf(session, view);
  return ACTS.filter(([act]) => mayDo(act, now, me)).map(([act, icon]) => (
    <Button key={act} icon={icon} {...(act === 'end' && { kind: 'danger' as const })} onClick={() => onAct(act)}>
      {t(`control.do-${act}`)}
    </Button>
  ));
}

/** The watch hears of a freeze, and that the shell is there, before the row is read again. */
export function actedOf(session: SessionAnswer, { facts }: WatchView): Acted {
  const { userId, state, frozen } = session;
  if (facts === undefined) return { userId, state, frozen };
  const begun = state === 'opening' && !facts.opening ? 'live' : state;
  return { userId, state: begun, frozen: facts.frozen };
}

function WatchedState(props: {
  session: SessionAnswer;
  view: WatchView;
  beganAt: number;
  shifted: boolean;
}): ReactNode {
  const { view, beganAt, shifted } = props;
  const t = useText();
  const format = useFormat();
  const now = useNow(1_000);
  const { state, facts, unknown } = view;
  switch (state.at) {
    case 'joining':
      return <State dot="idle">{t('watch.joining')}</State>;
    case 'lost':
      return <State dot="warn">{t('watch.lost')}</State>;
    case 'refused':
      if (props.session.endedAt !== undefined) return <State dot="done">{t('watch.over')}</State>;
      return <State dot="bad">{t('watch.refused')}</State>;
    case 'over':
      return <State dot="done">{t('watch.over')}</State>;
    case 'watching': {
      if (shifted) return <State dot="idle">{t('watch.earlier')}</State>;
      if (facts?.opening) return <State dot="idle">{t('recordings.opening')}</State>;
      if (unknown) return <State dot="warn">{t('watch.unknown')}</State>;
      const age = format.clock(now - beganAt);
      if (facts?.frozen) return <State dot="frozen">{t('watch.live-frozen', { age })}</State>;
      return <State dot="live">{t('watch.live', { age })}</State>;
    }
  }
}
