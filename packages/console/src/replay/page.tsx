import './replay.css';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { sessionQuery } from '../api/sessions.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useFormat, useText } from '../i18n/provider.js';
import { copyText } from '../ui/copy.js';
import { Icon } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';
import { PageProblem, ProblemNote } from '../ui/problem.js';
import { toast } from '../ui/toast.js';
import { Avatar, Flag, State } from '../ui/words.js';
import { exportAddress } from './content.js';
import { Controls } from './controls.js';
import { endReasonWords, Facts } from './facts.js';
import { SPEEDS } from './player.js';
import { ScreenView } from './screen-view.js';
import type { ReplaySource } from './source.js';
import { Strip } from './strip.js';
import { useReplay } from './use-replay.js';

const STEP_MS = 5_000;

export function ReplayPage() {
  const { id } = useParams({ from: '/frame/recordings/$id' });
  const query = useQuery({
    ...sessionQuery(id),
    // Follows a running session; what is over does not change.
    refetchInterval: ({ state }) => (state.data && state.data.endedAt === undefined ? 3_000 : false),
  });
  const t = useText();
  const above = [
    <Link key="recordings" to="/recordings">
      {t('frame.recordings')}
    </Link>,
  ];
  if (query.data) return <Page key={id} session={query.data} above={above} />;
  return (
    <>
      <PageTitle title={t('replay.session')} above={above} />
      {query.error && (
        <PageProblem problem={query.error} what={t('replay.failed')} retry={() => void query.refetch()} />
      )}
    </>
  );
}

function Page({ session, above }: { session: SessionAnswer; above: readonly React.ReactNode[] }) {
  const t = useText();
  const format = useFormat();
  const { t: moment } = useSearch({ from: '/frame/recordings/$id' });
  const { replay, look } = useReplay(session, moment === undefined ? 0 : Number(moment) * 1000);
  const [wallClock, setWallClock] = useState(false);
  const stage = useRef<HTMLDivElement>(null);
  const { view, problem, readings } = look;
  const source = replay?.source;
  const player = replay?.player;
  const durationMs = Math.max(source?.end ? 0 : (session.recording?.durationMs ?? 0), source?.lastMs ?? 0);
  const beganAt = source?.header?.startedAt ?? session.liveAt ?? session.createdAt;
  const clock = (ms: number): string => (wallClock ? format.time(beganAt + ms) : format.clock(ms));

  const seek = (ms: number): void => void player?.seek(Math.min(durationMs, Math.max(0, ms)));
  const toggle = (): void => (view.state === 'playing' ? player?.pause() : player?.play());
  const faster = (by: 1 | -1): void => {
    const next = SPEEDS[SPEEDS.indexOf(view.speed) + by];
    if (next !== undefined) player?.setSpeed(next);
  };
  const copyLink = (): void => {
    const url = new URL(location.href);
    url.search = `?t=${(view.positionMs / 1000).toFixed(1)}`;
    copyText(url.href).then(
      () => toast(t('replay.link-copied')),
      () => toast(t('replay.copy-failed')),
    );
  };
  const fullscreen = (): void =>
    void (document.fullscreenElement
      ? document.exitFullscreen()
      : stage.current?.requestFullscreen().catch(() => undefined));
  const keys: readonly (readonly [string, () => void])[] = [
    [' ', toggle],
    ['ArrowLeft', () => seek(view.positionMs - STEP_MS)],
    ['ArrowRight', () => seek(view.positionMs + STEP_MS)],
    ['Home', () => seek(0)],
    ['End', () => seek(durationMs)],
    ['[', () => faster(-1)],
    [']', () => faster(1)],
    ['<', () => faster(-1)],
    ['>', () => faster(1)],
    ['i', () => player?.setSkipIdle(!view.skipIdle)],
    ['t', () => setWallClock(!wallClock)],
    ['f', fullscreen],
    ['s', copyLink],
    ...Array.from({ length: 10 }, (_, tenth) => [String(tenth), () => seek((durationMs * tenth) / 10)] as const),
  ];
  useSingleKeys(Object.fromEntries(keys));

  const running = session.endedAt === undefined;
  const why = source?.end?.truncated ? cutWords(source, t) : undefined;
  return (
    <>
      <PageTitle title={session.id.slice(0, 8)} above={above} />
      <div className="wbar">
        <Avatar name={session.userName} />
        <div className="f">
          <span className="cut">
            <b>{session.userName}</b> <span className="t3">→</span> <b>{session.hostName}</b>{' '}
            {t('replay.as-login', { login: session.login })}
          </span>
          <small className="t2 cut">
            {running
              ? t('replay.span-live', { from: format.dateTime(beganAt), length: format.clock(durationMs) })
              : t('replay.span', {
                  from: format.dateTime(beganAt),
                  to: format.time(session.endedAt ?? beganAt),
                  length: format.clock(durationMs),
                })}
          </small>
        </div>
        <div className="f why">
          <State dot={running ? 'live' : session.state === 'failed' ? 'bad' : 'done'}>
            {endReasonWords(session, t) ?? t('replay.state-live')}
          </State>
        </div>
        <div className="end">
          {source && <ChainFlag source={source} />}
          <button type="button" className="btn" onClick={copyLink}>
            <Icon name="link" />
            {t('replay.copy-link', { time: clock(view.positionMs) })}
          </button>
          <Menu
            label={t('replay.export')}
            buttonClass="btn"
            button={
              <>
                <Icon name="download" />
                {t('replay.export')}
                <Icon name="down" />
              </>
            }
          >
            {(close) =>
              (
                [
                  ['asciicast-v2', t('replay.export-v2')],
                  ['asciicast-v3', t('replay.export-v3')],
                  ['raw', t('replay.export-raw')],
                ] as const
              ).map(([as, text]) => (
                <a key={as} role="menuitem" href={exportAddress(session.id, as)} download onClick={close}>
                  {text}
                </a>
              ))
            }
          </Menu>
        </div>
      </div>
      {problem && (
        <div className="rnote">
          <ProblemNote problem={problem} />
          {(source?.lastMs ?? 0) > 0 && <p className="meta t2">{t('replay.read-failed')}</p>}
        </div>
      )}
      <div className="rsplit">
        <div className="rmain" ref={stage}>
          {replay && <ScreenView replay={replay} dim={view.state === 'seeking' || view.state === 'loading'} />}
          <p className="rstate" role="status">
            {view.state === 'loading'
              ? t('replay.loading')
              : view.state === 'seeking' && source !== undefined && view.positionMs > source.lastMs
                ? t('replay.seeking')
                : view.state === 'ended' && why !== undefined
                  ? t('replay.cut-here', { why })
                  : source?.end && source.activity.busiest === undefined
                    ? t('replay.no-output')
                    : ''}
          </p>
        </div>
        <aside className="side" aria-label={t('replay.facts')}>
          <h2 className="rhead">{t('replay.facts')}</h2>
          <div className="body">
            <Facts session={session} source={source} durationMs={durationMs} />
          </div>
        </aside>
      </div>
      <div className="tl">
        {source && (
          <Strip
            source={source}
            durationMs={durationMs}
            positionMs={view.positionMs}
            readings={readings}
            onSeek={seek}
          />
        )}
        <Controls
          view={view}
          position={clock(view.positionMs)}
          total={wallClock ? format.time(beganAt + durationMs) : format.clock(durationMs)}
          saved={source && source.activity.savedMs > 0 ? format.clock(source.activity.savedMs) : undefined}
          wallClock={wallClock}
          cut={source?.end?.truncated === true}
          resized={(source?.activity.resizes.length ?? 0) > 0}
          onToggle={toggle}
          onStep={(by) => seek(view.positionMs + by * STEP_MS)}
          onSpeed={(speed) => player?.setSpeed(speed)}
          onSkipIdle={(skip) => player?.setSkipIdle(skip)}
          onWallClock={() => setWallClock(!wallClock)}
          onFullscreen={fullscreen}
        />
      </div>
    </>
  );
}

function ChainFlag({ source }: { source: ReplaySource }) {
  const t = useText();
  const detail = source.end?.damage?.detail ?? '';
  if (/hash|chain/.test(detail)) {
    return (
      <Flag tone="danger" icon="alert">
        {t('replay.chain-broken')}
      </Flag>
    );
  }
  // What the page reads matches its own hashes; the chain of all is the server's to verify.
  return (
    <span title={t('replay.chain-unchecked-help')}>
      <Flag tone="mute">{t('replay.chain-unchecked')}</Flag>
    </span>
  );
}

function cutWords(source: ReplaySource, t: ReturnType<typeof useText>): string {
  const damage = source.end?.damage;
  if (!damage) return t('replay.cut-sealed');
  const why = /hash|chain|decompress/.test(damage.detail) ? t('replay.cut-damaged') : t('replay.cut-crash');
  return t('replay.cut-at-byte', { why, position: damage.position });
}
