import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { Fragment } from 'react';
import { useFormat, useText } from '../i18n/provider.js';
import { happeningWords } from './watch-words.js';
import type { WatchView } from './watcher.js';

/** What happened while one looked on, and what is known of the session. */
export function WatchSide({ session, view }: { session: SessionAnswer; view: WatchView }) {
  const t = useText();
  const format = useFormat();
  const { happened, size = { cols: session.cols, rows: session.rows } } = view;
  const facts: readonly (readonly [string, string])[] = [
    [t('watch.fact-host'), `${session.hostName} · ${session.hostAddress}`],
    [t('watch.fact-login'), session.login],
    [t('watch.fact-source'), session.sourceAddress],
    [t('watch.fact-begun'), format.dateTimeFull(session.liveAt ?? session.createdAt)],
    [t('watch.fact-size'), t('watch.size', { cols: size.cols, rows: size.rows })],
    [t('watch.fact-output'), format.bytes(session.outputBytes)],
    [t('watch.fact-id'), session.id],
  ];
  return (
    <aside className="side wside" aria-label={t('watch.side')}>
      <div className="body">
        {happened.length > 0 && <h2 className="rhead">{t('watch.happened')}</h2>}
        <ol className="whappened">
          {happened.map(({ at, number, what }) => (
            <li key={number}>
              <time className="t3" dateTime={new Date(at).toISOString()}>
                {format.time(at)}
              </time>
              <span className="rtext">{happeningWords(what, session.userName, t, format)}</span>
            </li>
          ))}
        </ol>
        <h2 className="rhead">{t('watch.facts')}</h2>
        <dl className="kv">
          {facts.map(([name, value]) => (
            <Fragment key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </Fragment>
          ))}
        </dl>
      </div>
    </aside>
  );
}
