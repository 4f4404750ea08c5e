import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { Link } from '@tanstack/react-router';
import { memo, useEffect, useRef, useSyncExternalStore } from 'react';
import type { Controls } from '../control/controls.js';
import { useFormat, useText } from '../i18n/provider.js';
import { endWords } from '../recordings/end-reason.js';
import { paintPicture } from '../screen-picture.js';
import { usePreferences } from '../terminal/preferences.js';
import { Icon } from '../ui/icon.js';
import { CutMiddle, envOf, Tag, useNow } from '../ui/words.js';
import { Acts } from './acts.js';
import type { Labels } from './live-order.js';
import { paintQueue } from './paint-queue.js';
import { onSessionKey } from './row-keys.js';
import type { TileFeed } from './tile-feed.js';

export interface TileProps {
  readonly session: SessionAnswer;
  readonly labels: Labels;
  readonly me: MeAnswer;
  readonly feed: TileFeed;
  readonly controls: Pick<Controls, 'act'>;
  /** The one that Tab goes to. */
  readonly first: boolean;
}

/** One running session: whose, its screen, and what may be done. */
export const Tile = memo(function Tile({ session, labels, me, feed, controls, first }: TileProps) {
  const t = useText();
  const over = session.endedAt !== undefined || session.state === 'ending';
  const { frozen } = session;
  const oldSince = useSyncExternalStore(feed.watchLine, () => feed.oldSince);
  const env = envOf(labels);
  const look = over ? ' over' : oldSince === undefined ? '' : ' stale';
  return (
    <article
      className={`tile${look}${frozen ? ' frozen' : ''}`}
      data-session={session.id}
      tabIndex={first ? 0 : -1}
      onKeyDown={onSessionKey}
      aria-label={t('live.tile', { user: session.userName, host: session.hostName, login: session.login })}
    >
      <header>
        <i className={over ? 'dot done' : frozen ? 'dot frozen' : oldSince ? 'dot idle' : 'dot'} aria-hidden="true" />
        <span className="who cut">
          <span className="cut">{session.userName}</span>
          <span className="t3">→</span>
          <CutMiddle>{session.hostName}</CutMiddle>
        </span>
        <Tag {...(env !== undefined && { env })}>{session.login}</Tag>
        <Age session={session} />
      </header>
      <Screen session={session} feed={feed} over={over} oldSince={over ? undefined : oldSince} />
      <footer>
        <Say session={session} />
        <Acts session={session} me={me} controls={controls} />
      </footer>
    </article>
  );
});

function Age({ session }: { session: SessionAnswer }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(10_000);
  if (session.state === 'opening') return <span className="age">{t('recordings.opening')}</span>;
  return <span className="age">{format.clock((session.endedAt ?? now) - (session.liveAt ?? session.createdAt))}</span>;
}

/** What there is to say while nobody points at it. */
function Say({ session }: { session: SessionAnswer }) {
  const t = useText();
  const format = useFormat();
  const { frozen, unwatched, watchers = [], sourceAddress } = session;
  const words = frozen
    ? t('live.held', { reason: frozen.reason })
    : unwatched
      ? t('live.unwatched')
      : watchers.length > 0
        ? t('live.watched-by', { names: format.list([...new Set(watchers)]) })
        : t('live.from', { source: sourceAddress });
  return (
    <span className="say" title={words}>
      {watchers.length > 0 && !frozen && <Icon name="eye" size="s" />}
      <span>{words}</span>
    </span>
  );
}

/** Painted outside React, when its picture has come and the page has a frame to spare. */
function Screen(props: { session: SessionAnswer; feed: TileFeed; over: boolean; oldSince: number | undefined }) {
  const { session, feed, over, oldSince } = props;
  const { id } = session;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { theme } = usePreferences();
  useEffect(() => {
    const place = canvas.current;
    if (place === null) return;
    let forget: (() => void) | undefined;
    const paint = (): void => {
      const tile = feed.picture(id);
      const { clientWidth, clientHeight } = place;
      if (tile === undefined || clientWidth === 0) return;
      const scale = Math.min(2, window.devicePixelRatio);
      const [width, height] = [Math.round(clientWidth * scale), Math.round(clientHeight * scale)];
      // Setting it, even to the same, empties it.
      if (place.width !== width || place.height !== height) Object.assign(place, { width, height });
      paintPicture(place, tile.picture, theme);
      place.dataset.offset = String(tile.offset);
    };
    const soon = (): void => {
      forget = paintQueue.add(paint);
    };
    const stop = feed.watch(id, soon);
    const resized = new ResizeObserver(soon);
    resized.observe(place);
    return () => {
      stop();
      resized.disconnect();
      forget?.();
    };
  }, [id, feed, theme]);
  return (
    <Link
      {...(over ? { to: '/recordings/$id' as const, params: { id } } : { to: '/live/$id' as const, params: { id } })}
      className="fit"
      tabIndex={-1}
      aria-hidden="true"
      preload={false}
    >
      <canvas ref={canvas} />
      <Stamp session={session} oldSince={oldSince} over={over} />
    </Link>
  );
}

function Stamp({ session, oldSince, over }: { session: SessionAnswer; oldSince: number | undefined; over: boolean }) {
  const t = useText();
  const format = useFormat();
  const { frozen } = session;
  if (over) {
    const text = session.endedAt === undefined ? t('recordings.ending') : endWords(session.endReason, t).text;
    return (
      <span className="stamps">
        <span className="stamp">{text}</span>
      </span>
    );
  }
  if (oldSince !== undefined) return <Old since={oldSince} />;
  if (frozen === undefined) return null;
  return (
    <span className="stamps bars">
      <span className="stamp">
        <Icon name="pause" />
        {t('live.frozen-by', { by: frozen.by, time: format.time(frozen.at) })}
      </span>
    </span>
  );
}

function Old({ since }: { since: number }) {
  const t = useText();
  const seconds = Math.max(0, Math.round((useNow(1_000) - since) / 1000));
  return (
    <span className="stamps">
      <span className="stamp">
        <Icon name="off" />
        {t('live.old', { seconds })}
      </span>
    </span>
  );
}
