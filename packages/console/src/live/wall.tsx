import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useEffect, useRef, useState } from 'react';
import { useText } from '../i18n/provider.js';
import { pageClock } from '../terminal/page-clock.js';
import { watchSocket } from '../watch/watch-socket.js';
import { Tile } from './tile.js';
import { createTileFeed, type TileFeed } from './tile-feed.js';
import type { LiveListProps } from './use-live-sessions.js';

/** A little beyond what is in sight, so that a picture is there when it is scrolled to. */
const MARGIN = '120px';

export function Wall({ sessions, labelsOf, me, controls }: LiveListProps) {
  const t = useText();
  const feed = useTileFeed();
  const wall = useRef<HTMLElement>(null);
  useWanted(wall, feed, sessions);
  return (
    <section className="wall" ref={wall} aria-label={t('live.sessions')}>
      {feed &&
        sessions.map((session, at) => (
          <Tile
            key={session.id}
            session={session}
            labels={labelsOf(session.hostId)}
            me={me}
            feed={feed}
            controls={controls}
            first={at === 0}
          />
        ))}
    </section>
  );
}

function useTileFeed(): TileFeed | undefined {
  const [feed, setFeed] = useState<TileFeed>();
  useEffect(() => {
    const made = createTileFeed({ socket: watchSocket(), clock: pageClock });
    setFeed(made);
    return () => {
      made.stop();
      setFeed(undefined);
    };
  }, []);
  return feed;
}

/** Tells the feed what is in sight, in the order of the page: nothing, while the page itself is not. */
function useWanted(
  wall: { readonly current: HTMLElement | null },
  feed: TileFeed | undefined,
  sessions: readonly SessionAnswer[],
): void {
  const order = sessions.map(({ id }) => id).join();
  const live = sessions
    .filter(({ state }) => state === 'live')
    .map(({ id }) => id)
    .join();
  useEffect(() => {
    const place = wall.current;
    if (feed === undefined || place === null) return;
    const inSight = new Set<string>();
    const running = new Set(live.split(','));
    const want = (): void => {
      const shown = document.visibilityState === 'visible';
      feed.want(shown ? order.split(',').filter((id) => inSight.has(id) && running.has(id)) : []);
    };
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const id = (target as HTMLElement).dataset.session ?? '';
          if (isIntersecting) inSight.add(id);
          else inSight.delete(id);
        }
        want();
      },
      { rootMargin: MARGIN },
    );
    for (const tile of place.querySelectorAll('[data-session]')) observer.observe(tile);
    document.addEventListener('visibilitychange', want);
    return () => {
      observer.disconnect();
      document.removeEventListener('visibilitychange', want);
    };
  }, [wall, feed, order, live]);
}
