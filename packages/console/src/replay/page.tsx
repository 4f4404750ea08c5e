import './replay.css';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import type { RecordingVerifyAnswer } from '@sallyport/core/wire/evidence-messages.js';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { Link, useParams, useSearch } from '@tanstack/react-router';
import { type ReactNode, type RefObject, useMemo, useRef, useState } from 'react';
import { meQuery } from '../api/me.js';
import { notesQuery } from '../api/notes.js';
import { sessionQuery } from '../api/sessions.js';
import { verifyRecording } from '../api/verify.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useFormat, useText } from '../i18n/provider.js';
import { copyText } from '../ui/copy.js';
import { PageProblem, ProblemNote } from '../ui/problem.js';
import { Segmented } from '../ui/segmented.js';
import { toast } from '../ui/toast.js';
import { useAction } from '../ui/use-action.js';
import { Controls } from './controls.js';
import { EventsPanel } from './events-panel.js';
import { Facts } from './facts.js';
import { FindPanel } from './find-panel.js';
import { type Gap, gapsOf } from './gaps.js';
import { ReplayHead } from './head.js';
import { legendOf } from './legend.js';
import type { Mark } from './mark.js';
import { NotesPanel } from './notes-panel.js';
import { keepPace, type Pace, SPEEDS } from './pace.js';
import { ScreenView } from './screen-view.js';
import { Strip } from './strip.js';
import { useEvents } from './use-events.js';
import { useFind } from './use-find.js';
import { useFocus } from './use-focus.js';
import { useMarkers } from './use-markers.js';
import { momentOf, useMoment } from './use-moment.js';
import { useReplay } from './use-replay.js';
import { Findings, VerifyFlag } from './verdict.js';

const STEP_MS = 5_000;
const PANELS = ['facts', 'find', 'events', 'notes'] as const;
type Panel = (typeof PANELS)[number];

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

function Page({ session, above }: { session: SessionAnswer; above: readonly ReactNode[] }) {
  const t = useText();
  const format = useFormat();
  const { data: me } = useSuspenseQuery(meQuery);
  const { t: moment } = useSearch({ from: '/frame/recordings/$id' });
  const { replay, look } = useReplay(session, moment === undefined ? 0 : Number(moment) * 1000);
  const [wallClock, setWallClock] = useState(false);
  const [panel, setPanel] = useState<Panel>('facts');
  const stage = useRef<HTMLDivElement>(null);
  const { view, problem, readings } = look;
  const source = replay?.source;
  const player = replay?.player;
  const durationMs = Math.max(source?.end ? 0 : (session.recording?.durationMs ?? 0), source?.lastMs ?? 0);
  const beganAt = source?.startedAt ?? session.liveAt ?? session.createdAt;
  const clock = (ms: number): string => (wallClock ? format.time(beganAt + ms) : format.clock(ms));

  const seek = (ms: number): void => void player?.seek(Math.min(durationMs, Math.max(0, ms)));
  /** To look at something: stays there. */
  const jump = (ms: number): void => {
    player?.pause();
    seek(ms);
  };
  const find = useFind(session.id, source, ({ atMs }) => jump(atMs));
  const notes = useQuery(notesQuery(session.id)).data?.items ?? NONE;
  const found = useMarkers(source);
  const told = useMemo<readonly Mark[]>(() => found.map(({ atMs, label }) => ({ atMs, text: label })), [found]);
  // What an imported file brought are notes; in a recording of ours they are deeds.
  const markers = session.origin === undefined ? NONE : told;
  const happened = useEvents(session, session.origin === undefined ? told : NONE, beganAt, durationMs);
  const hits = useMemo(() => find.search?.found.map(({ atMs }) => atMs) ?? [], [find.search]);
  const checking = useAction();
  const [verdict, setVerdict] = useState<RecordingVerifyAnswer>();
  const gaps = useMemo<readonly Gap[]>(
    () => (source && readings >= 0 ? gapsOf(source, session, verdict, durationMs, t) : []),
    [source, readings, session, verdict, durationMs, t],
  );
  useMoment(moment, player, view);

  const findBox = useFocus<HTMLInputElement>(panel === 'find');
  const eventList = useFocus<HTMLOListElement>(panel === 'events');
  const noteBox = useFocus<HTMLTextAreaElement>(panel === 'notes');
  const open = (next: Panel, box: { wanted: RefObject<boolean>; focus(): void }): void => {
    box.wanted.current = true;
    setPanel(next);
    box.focus();
  };
  const verify = async (): Promise<void> => {
    const answer = await checking.run(() => verifyRecording(session.id));
    if (answer === undefined) return;
    setVerdict(answer.value);
    if (!answer.value.ok) setPanel('facts');
  };
  const toggle = (): void => (view.state === 'playing' ? player?.pause() : player?.play());
  const setPace = (change: Partial<Pace>): void => {
    keepPace({ ...view, ...change });
    player?.setPace(change);
  };
  const faster = (by: 1 | -1): void => {
    const next = SPEEDS[SPEEDS.indexOf(view.speed) + by];
    if (next !== undefined) setPace({ speed: next });
  };
  const copyLink = (): void => {
    const url = new URL(location.href);
    url.search = `?t=${momentOf(view.positionMs)}`;
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
    ['/', () => open('find', findBox)],
    ['n', () => find.step(1)],
    ['N', () => find.step(-1)],
    ['e', () => open('events', eventList)],
    ['m', () => open('notes', noteBox)],
    ['i', () => setPace({ skipIdle: !view.skipIdle })],
    ['t', () => setWallClock(!wallClock)],
    ['f', fullscreen],
    ['s', copyLink],
    ...Array.from({ length: 10 }, (_, tenth) => [String(tenth), () => seek((durationMs * tenth) / 10)] as const),
  ];
  useSingleKeys(Object.fromEntries(keys));

  const cut = gaps.find(({ kind }) => kind === 'cut');
  const count = {
    facts: undefined,
    find: find.search?.found.length,
    events: happened.events.length || undefined,
    notes: notes.length + markers.length || undefined,
  };
  return (
    <>
      <PageTitle title={session.id.slice(0, 8)} above={above} />
      <ReplayHead
        session={session}
        beganAt={beganAt}
        durationMs={durationMs}
        positionMs={view.positionMs}
        moment={clock(view.positionMs)}
        onCopyLink={copyLink}
      >
        {source && <VerifyFlag source={source} verdict={verdict} action={checking} onVerify={() => void verify()} />}
      </ReplayHead>
      {[problem, checking.problem].map(
        (one) =>
          one && (
            <div className="rnote" key={one.code}>
              <ProblemNote problem={one} />
              {one === problem && (source?.lastMs ?? 0) > 0 && <p className="meta t2">{t('replay.read-failed')}</p>}
            </div>
          ),
      )}
      <div className="rsplit">
        <div className="rmain" ref={stage}>
          {replay && (
            <ScreenView
              shown={replay}
              label={t('replay.screen')}
              help={t('replay.screen-help')}
              dim={view.state === 'seeking' || view.state === 'loading'}
            />
          )}
          <p className="rstate" role="status">
            {view.state === 'loading'
              ? t('replay.loading')
              : view.state === 'seeking' && source !== undefined && view.positionMs > source.lastMs
                ? t('replay.seeking')
                : view.state === 'ended' && cut !== undefined
                  ? t('replay.cut-here', { why: cut.cause })
                  : source?.end && source.activity.busiest === undefined
                    ? t('replay.no-output')
                    : ''}
          </p>
        </div>
        <aside className="side" aria-label={t(`replay.panel-${panel}`)}>
          <div className="rpanels">
            <Segmented<Panel>
              label={t('replay.panels')}
              value={panel}
              choices={PANELS.map((value) => ({
                value,
                text: [t(`replay.panel-${value}`), count[value] ?? ''].join(' ').trim(),
              }))}
              onValue={setPanel}
            />
          </div>
          <div className="body">
            {panel === 'facts' && (
              <>
                {verdict && <Findings verdict={verdict} onJump={jump} />}
                <Facts session={session} source={source} durationMs={durationMs} />
              </>
            )}
            {panel === 'find' && <FindPanel find={find} clock={clock} inputRef={findBox.ref} />}
            {panel === 'events' && (
              <EventsPanel
                {...happened}
                positionMs={view.positionMs}
                clock={clock}
                listRef={eventList.ref}
                onJump={jump}
              />
            )}
            {panel === 'notes' && (
              <NotesPanel
                sessionId={session.id}
                me={me}
                notes={notes}
                markers={markers}
                positionMs={view.positionMs}
                clock={clock}
                inputRef={noteBox.ref}
                onJump={jump}
              />
            )}
          </div>
        </aside>
      </div>
      <div className="tl">
        {source && (
          <Strip
            activity={source.activity}
            durationMs={durationMs}
            positionMs={view.positionMs}
            readings={readings}
            gaps={gaps}
            notes={notes}
            markers={markers}
            hits={hits}
            events={happened.events}
            onSeek={seek}
          />
        )}
        <Controls
          view={view}
          position={clock(view.positionMs)}
          total={wallClock ? format.time(beganAt + durationMs) : format.clock(durationMs)}
          saved={source && source.activity.savedMs > 0 ? format.clock(source.activity.savedMs) : undefined}
          wallClock={wallClock}
          legend={legendOf({
            activity: source?.activity,
            notes: notes.length + markers.length,
            hits,
            gaps,
            ...happened,
          })}
          onToggle={toggle}
          onStep={(by) => seek(view.positionMs + by * STEP_MS)}
          onSpeed={(speed) => setPace({ speed })}
          onSkipIdle={(skipIdle) => setPace({ skipIdle })}
          onWallClock={() => setWallClock(!wallClock)}
          onFullscreen={fullscreen}
        />
      </div>
    </>
  );
}

const NONE: readonly never[] = [];
