import '../replay/replay.css';
import '../terminal/terminal.css';
import './watch.css';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { meQuery } from '../api/me.js';
import { sessionQuery } from '../api/sessions.js';
import { useControls } from '../control/controls.js';
import { type Act, mayDo } from '../control/may-do.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { ScreenView } from '../replay/screen-view.js';
import { copyText } from '../ui/copy.js';
import { PageProblem } from '../ui/problem.js';
import { toast } from '../ui/toast.js';
import { useNow } from '../ui/words.js';
import { actedOf, WatchBar } from './bar.js';
import { OverScreen, WatchOver } from './over-screen.js';
import { ShiftBar } from './shift-bar.js';
import { WatchSide } from './side.js';
import type { Shifted } from './time-shift.js';
import { useWatcher } from './use-watcher.js';
import { JOINING, type WatchView } from './watcher.js';

const TimeShift = lazy(async () => ({ default: (await import('./time-shift.js')).TimeShift }));

const STEP_MS = 5_000;
/** As near to now as this is now. */
const LIVE_MS = 1_500;
/** A notch of a wheel. */
const WHEEL_PX = 100;

export function WatchPage() {
  const { id } = useParams({ from: '/frame/live/$id' });
  const query = useQuery({
    ...sessionQuery(id),
    refetchInterval: ({ state }) => (state.data && state.data.endedAt === undefined ? 3_000 : false),
  });
  const t = useText();
  const above = [
    <Link key="live" to="/live" search={{}}>
      {t('frame.live')}
    </Link>,
  ];
  if (query.data) return <Page key={id} session={query.data} above={above} again={() => void query.refetch()} />;
  return (
    <>
      <PageTitle title={t('watch.title')} above={above} />
      {query.error && <PageProblem problem={query.error} what={t('watch.failed')} retry={() => void query.refetch()} />}
    </>
  );
}

/** An old screen is grey; none is not drawn, nor is the present one while an earlier moment lies over it. */
const liveClass = ({ state, shown, unknown }: WatchView, shifted: boolean): string =>
  `wlive${shifted || !shown ? ' under' : ''}${state.at === 'lost' || unknown ? ' old' : ''}`;

function Page({ session, above, again }: { session: SessionAnswer; above: readonly ReactNode[]; again(): void }) {
  const t = useText();
  const { data: me } = useSuspenseQuery(meQuery);
  const { watch, view = JOINING } = useWatcher(session.id);
  const controls = useControls(me);
  const [to, setTo] = useState<{ readonly ms: number }>();
  const [shifted, setShifted] = useState<Shifted>();
  const wheeled = useRef(0);
  const now = useNow(1_000);
  const { state, facts } = view;
  const over = state.at === 'over' || session.endedAt !== undefined;
  const beganAt = facts?.liveAt ?? session.liveAt ?? session.createdAt;
  const untilAt = state.at === 'over' ? state.when : (session.endedAt ?? now);
  const durationMs = Math.max(0, untilAt - beganAt);
  const recorded = facts?.recorded ?? (session.recording !== undefined && session.recording.state !== 'missing');
  const mayShift =
    recorded && !facts?.opening && (me.may.includes('replay') || session.userId === me.user.id) && view.shown;
  const position = to === undefined ? durationMs : (shifted?.look.view.positionMs ?? to.ms);

  const { at } = state;
  useEffect(() => {
    // What the row says of the end, its recording above all, is asked for at once.
    if (at === 'over' || at === 'refused') again();
  }, [at, again]);
  const live = (): void => setTo(undefined);
  const seek = (ms: number): void => {
    if (!mayShift) return;
    if (ms >= durationMs - LIVE_MS) live();
    else setTo({ ms: Math.max(0, ms) });
  };
  const step = (by: -1 | 1): void => seek(position + by * STEP_MS);
  const stepBy = ({ key }: KeyboardEvent): void => step(key === 'ArrowLeft' ? -1 : 1);
  const turnWheel = (deltaY: number): void => {
    // Up at the top of what scrolled away: the recording goes on from there.
    const buffer = watch?.shown.terminal.buffer.active;
    if (deltaY >= 0 || buffer === undefined || buffer.viewportY > 0) {
      wheeled.current = 0;
      return;
    }
    wheeled.current -= deltaY;
    if (wheeled.current < WHEEL_PX) return;
    wheeled.current = 0;
    step(-1);
  };
  const act = (one: Exclude<Act, 'watch'>): void => {
    if (!over && mayDo(one, actedOf(session, view), me)) controls.act(one, session);
  };
  const copyLink = (): void => {
    copyText(location.href).then(
      () => toast(t('watch.link-copied')),
      () => toast(t('replay.copy-failed')),
    );
  };
  const toggle = (): void => {
    if (shifted === undefined) return;
    const { player, source } = shifted.replay;
    if (shifted.look.view.state === 'playing') player.pause();
    // Nothing came since: what would be played is what is live.
    else if (!over && position >= source.lastMs) live();
    else player.play();
  };
  useSingleKeys({
    ArrowLeft: stepBy,
    ArrowRight: stepBy,
    End: live,
    ' ': toggle,
    f: () => act(actedOf(session, view).frozen ? 'unfreeze' : 'freeze'),
    m: () => act('message'),
    e: () => act('end'),
    s: copyLink,
  });
  const onLook = useCallback((next: Shifted | undefined) => setShifted(next), []);
  return (
    <>
      <PageTitle title={session.id.slice(0, 8)} above={above} />
      <WatchBar session={session} view={view} me={me} shifted={to !== undefined} onAct={act} />
      <div className="rsplit">
        <div className="wcolumn">
          <div className="rmain" onWheel={({ deltaY }) => to === undefined && turnWheel(deltaY)}>
            {watch && (
              <div className={liveClass(view, to !== undefined)} aria-hidden={to !== undefined || undefined}>
                <ScreenView
                  shown={watch.shown}
                  label={t(state.at === 'watching' ? 'watch.screen' : 'watch.screen-old')}
                  help={t('watch.screen-help')}
                  dim={false}
                />
              </div>
            )}
            {to !== undefined && (
              <Suspense>
                <TimeShift session={session} to={to} onLook={onLook} onWheel={step} />
              </Suspense>
            )}
            <OverScreen session={session} view={view} watcher={watch?.watcher} />
          </div>
          <WatchOver session={session} view={view} me={me} onAgain={() => watch?.watcher.again()} />
        </div>
        <WatchSide session={session} view={view} />
      </div>
      {mayShift && (
        <ShiftBar
          durationMs={durationMs}
          at={to?.ms}
          shifted={shifted}
          over={over}
          live={state.at === 'watching' && !view.unknown}
          onToggle={toggle}
          onSeek={seek}
          onLive={live}
        />
      )}
      {!recorded && !facts?.opening && view.shown && <p className="tl meta t2">{t('watch.no-shift')}</p>}
      {controls.dialogs}
    </>
  );
}
