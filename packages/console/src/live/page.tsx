import './live.css';
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useMemo, useRef } from 'react';
import { meQuery } from '../api/me.js';
import { playable, sessionsQuery } from '../api/sessions.js';
import { useControls } from '../control/controls.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useFormat, useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { SearchBox, Select } from '../ui/field.js';
import { Note } from '../ui/note.js';
import { QueryState } from '../ui/query-state.js';
import { Segmented } from '../ui/segmented.js';
import { TimeAgo, useNow } from '../ui/words.js';
import { inOrder, labelsIn, matching } from './live-order.js';
import { LiveTable } from './live-table.js';
import { actOnFocused, moveFocus } from './row-keys.js';
import { type LiveSearch, type LiveSort, type LiveView, SORTS, sortOf, tidy, VIEWS, viewOf } from './search.js';
import { useLabels, useLiveSessions } from './use-live-sessions.js';
import { Wall } from './wall.js';

const route = getRouteApi('/frame/live');
/** Older than this the list is not being read: nobody is at the page. */
const PAUSED_MS = 20_000;
const LAST = 5;

const onArrow = ({ key }: { readonly key: string }): void => moveFocus(key as Parameters<typeof moveFocus>[0]);

/** Who is connected now, with their screens. The list reads itself; pictures are pushed. */
export function LivePage() {
  const t = useText();
  const navigate = useNavigate();
  const search = route.useSearch();
  const { q = '', label = '' } = search;
  const { data: me } = useSuspenseQuery(meQuery);
  const { query, open, sessions, busyness } = useLiveSessions();
  const labelsOf = useLabels(me.may.includes('inventory.read'));
  const controls = useControls(me);
  const box = useRef<HTMLInputElement>(null);
  const set = (change: LiveSearch) =>
    void navigate({ to: '/live', search: tidy({ ...search, ...change }), replace: true });

  useSingleKeys({
    '/': () => box.current?.focus(),
    ArrowLeft: onArrow,
    ArrowRight: onArrow,
    ArrowUp: onArrow,
    ArrowDown: onArrow,
    j: () => moveFocus('ArrowDown'),
    k: () => moveFocus('ArrowUp'),
    w: () => actOnFocused('watch'),
    f: () => actOnFocused('freeze'),
    e: () => actOnFocused('end'),
  });
  const labels = useMemo(() => labelsIn(sessions, labelsOf), [sessions, labelsOf]);
  const found = matching(sessions, { q, label }, labelsOf);
  const shown = inOrder(found, sortOf(search), busyness);
  return (
    <>
      <PageTitle title={t('frame.live')} sub={query.data && <Counts open={open} />} />
      <div className="bar">
        <SearchBox
          label={t('live.find')}
          value={q}
          onValue={(value) => set({ q: value })}
          inputRef={box}
          onKeyDown={(event) => {
            if (event.key !== 'ArrowDown') return;
            event.preventDefault();
            moveFocus('ArrowDown');
          }}
        />
        <Select
          label={t('live.label')}
          value={label}
          choices={[
            { value: '', text: t('live.any-label') },
            ...[...new Set([...labels, ...(label === '' ? [] : [label])])].map((value) => ({ value, text: value })),
          ]}
          onValue={(value) => set({ label: value })}
        />
        <Select<LiveSort>
          label={t('recordings.sort')}
          value={sortOf(search)}
          choices={SORTS.map((value) => ({ value, text: t(`live.sort-${value}`) }))}
          onValue={(value) => set({ sort: value })}
        />
        <span className="push">
          <Segmented<LiveView>
            label={t('live.view')}
            value={viewOf(search)}
            choices={VIEWS.map((value) => ({ value, text: t(`live.view-${value}`) }))}
            onValue={(value) => set({ view: value })}
          />
        </span>
      </div>
      <QueryState query={query} failed={t('live.failed')}>
        {() => {
          if (sessions.length === 0) return <Nobody />;
          if (shown.length === 0) {
            return (
              <EmptyState
                title={t('live.no-match')}
                actions={<Button onClick={() => set({ q: '', label: '' })}>{t('recordings.clear')}</Button>}
              />
            );
          }
          const props = { sessions: shown, labelsOf, me, controls };
          return (
            <>
              {query.error === null && <Paused at={query.dataUpdatedAt} />}
              {viewOf(search) === 'wall' ? <Wall {...props} /> : <LiveTable {...props} />}
            </>
          );
        }}
      </QueryState>
      {controls.dialogs}
    </>
  );
}

function Counts({ open }: { open: readonly SessionAnswer[] }) {
  const t = useText();
  const people = new Set(open.map(({ userId }) => userId)).size;
  const hosts = new Set(open.map(({ hostId }) => hostId)).size;
  return t('live.counts', { sessions: open.length, people, hosts });
}

/** Nobody was at the page for some minutes, so that it stopped asking. */
function Paused({ at }: { at: number }) {
  const t = useText();
  const format = useFormat();
  const now = useNow(5_000);
  if (now - at < PAUSED_MS) return null;
  return <Note tone="info">{t('live.paused', { age: format.ago(at, now) })}</Note>;
}

function Nobody() {
  const t = useText();
  const { data } = useInfiniteQuery(sessionsQuery({ state: 'over', sort: '-createdAt', limit: LAST, origin: 'here' }));
  const last = (data?.pages[0]?.items ?? []).filter(playable).slice(0, LAST);
  return (
    <>
      <EmptyState title={t('live.nobody')}>{t('live.nobody-body')}</EmptyState>
      {last.length > 0 && (
        <section className="last" aria-label={t('live.last')}>
          <h2 className="grp">{t('live.last')}</h2>
          <ul className="rows">
            {last.map(({ id, userName, hostName, login, createdAt }) => (
              <li key={id}>
                <Link to="/recordings/$id" params={{ id }} preload={false}>
                  {t('frame.recording-of', { user: userName, host: hostName })}
                </Link>{' '}
                <span className="t3">
                  {login} · <TimeAgo at={createdAt} />
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
