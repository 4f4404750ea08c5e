import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { meQuery } from '../api/me.js';
import { type SessionFilter, sessionsQuery } from '../api/sessions.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { Button, buttonClass } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { SearchBox, Select } from '../ui/field.js';
import { QueryState } from '../ui/query-state.js';
import { ImportDialog } from './import-dialog.js';
import { SessionTable } from './session-table.js';

const route = getRouteApi('/frame/recordings');
const STATES = ['all', 'open', 'over', 'failed'] as const;
const SORTS = ['-createdAt', 'createdAt', 'userName', 'hostName'] as const;
type Shown = (typeof STATES)[number];
type Sort = (typeof SORTS)[number];

const oneOf = <T extends string>(all: readonly T[], value: string | undefined, otherwise: T): T =>
  all.find((one) => one === value) ?? otherwise;

/** Sessions, live and over: what may be done with a row follows its state, and the list keeps itself up to date. */
export function RecordingsPage() {
  const t = useText();
  const navigate = useNavigate();
  const { q = '', ...search } = route.useSearch();
  const { data: me } = useSuspenseQuery(meQuery);
  const state = oneOf(STATES, search.state, 'all');
  const sort = oneOf(SORTS, search.sort, '-createdAt');
  const [typed, setTyped] = useTyped(q, (value) => set({ q: value }));
  const filter: SessionFilter = { q, sort, ...(state !== 'all' && { state }) };
  const query = useInfiniteQuery(sessionsQuery(filter));
  const box = useRef<HTMLInputElement>(null);
  const [importing, setImporting] = useState(false);
  useSingleKeys({ '/': () => box.current?.focus() });

  const set = (change: { q?: string; state?: string; sort?: string }) => {
    const next = { q, state: search.state ?? '', sort: search.sort ?? '', ...change };
    void navigate({
      to: '/recordings',
      search: {
        ...(next.q !== '' && { q: next.q }),
        ...(next.state !== '' && next.state !== 'all' && { state: next.state }),
        ...(next.sort !== '' && next.sort !== '-createdAt' && { sort: next.sort }),
      },
      replace: true,
    });
  };
  const all = me.may.includes('session.list');
  return (
    <>
      <PageTitle title={t('frame.recordings')} sub={t(all ? 'recordings.of-all' : 'recordings.of-you')} />
      <div className="bar">
        <SearchBox label={t('recordings.find')} value={typed} onValue={setTyped} inputRef={box} />
        <Select<Shown>
          label={t('recordings.state')}
          value={state}
          choices={STATES.map((value) => ({ value, text: t(`recordings.show-${value}`) }))}
          onValue={(value) => set({ state: value })}
        />
        <Select<Sort>
          label={t('recordings.sort')}
          value={sort}
          choices={SORTS.map((value) => ({ value, text: t(`recordings.sort-${value}`) }))}
          onValue={(value) => set({ sort: value })}
        />
        {me.may.includes('import') && <Button onClick={() => setImporting(true)}>{t('imports.do')}</Button>}
      </div>
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
      <QueryState query={query} failed={t('recordings.failed')}>
        {({ pages }) => {
          const sessions = pages.flatMap(({ items }) => items);
          if (sessions.length === 0) {
            return q !== '' || state !== 'all' ? (
              <EmptyState
                title={t('recordings.no-match')}
                actions={<Button onClick={() => set({ q: '', state: 'all' })}>{t('recordings.clear')}</Button>}
              />
            ) : (
              <NoSessions mayConnect={me.may.includes('connect')} />
            );
          }
          return (
            <>
              <SessionTable sessions={sessions} me={me} />
              {query.hasNextPage && (
                <p className="more">
                  <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                    {t('recordings.more')}
                  </Button>
                </p>
              )}
            </>
          );
        }}
      </QueryState>
    </>
  );
}

function NoSessions({ mayConnect }: { mayConnect: boolean }) {
  const t = useText();
  return (
    <EmptyState
      title={t('recordings.none')}
      actions={
        mayConnect && (
          <Link to="/connect" search={{}} className={buttonClass({ kind: 'primary' })}>
            {t('recordings.first')}
          </Link>
        )
      }
    >
      {t('recordings.none-body')}
    </EmptyState>
  );
}

const TYPING_MS = 250;
/** A box that asks the server only when the typing pauses. */
function useTyped(value: string, onValue: (value: string) => void): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(value);
  const [asked, setAsked] = useState(value);
  const tell = useRef(onValue);
  tell.current = onValue;
  if (value !== asked) {
    // The address changed by itself (back, a link): follow it.
    setAsked(value);
    setTyped(value);
  }
  useEffect(() => {
    if (typed === asked) return;
    const timer = setTimeout(() => {
      setAsked(typed);
      tell.current(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, asked]);
  return [typed, setTyped];
}
