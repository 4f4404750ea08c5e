import { useInfiniteQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { meQuery } from '../api/me.js';
import { sessionsQuery } from '../api/sessions.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { Button, buttonClass } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { SearchBox, Select } from '../ui/field.js';
import { MoreButton } from '../ui/more.js';
import { QueryState } from '../ui/query-state.js';
import { ImportDialog } from './import-dialog.js';
import { filterOf, type ListSearch, SHOWN, type Shown, SORTS, type Sort, shownOf, sortOf, tidy } from './search.js';
import { SessionTable } from './session-table.js';
import { ViewsMenu } from './views-menu.js';

const route = getRouteApi('/frame/recordings');
/** Sessions, live and over: what may be done with a row follows its state, and the list keeps itself up to date. */
export function RecordingsPage() {
  const t = useText();
  const navigate = useNavigate();
  const search = route.useSearch();
  const { q = '' } = search;
  const { data: me } = useSuspenseQuery(meQuery);
  const [typed, setTyped] = useTyped(q, (value) => set({ q: value }));
  const query = useInfiniteQuery(sessionsQuery(filterOf(search)));
  const box = useRef<HTMLInputElement>(null);
  const [importing, setImporting] = useState(false);
  useSingleKeys({ '/': () => box.current?.focus(), j: () => stepRow(1), k: () => stepRow(-1) });

  const set = (change: ListSearch) =>
    void navigate({ to: '/recordings', search: tidy({ ...search, ...change }), replace: true });
  const shown = SHOWN.filter((one) => one !== 'held' || me.may.includes('retention.read'));
  const filtered = Object.keys(tidy({ ...search, sort: '' })).length > 0;
  const all = me.may.includes('session.list');
  return (
    <>
      <PageTitle title={t('frame.recordings')} sub={t(all ? 'recordings.of-all' : 'recordings.of-you')} />
      <div className="bar">
        <SearchBox label={t('recordings.find')} value={typed} onValue={setTyped} inputRef={box} />
        <Select<Shown>
          label={t('recordings.state')}
          value={shownOf(search)}
          choices={shown.map((value) => ({ value, text: t(`recordings.show-${value}`) }))}
          onValue={(value) => set({ state: value })}
        />
        <Select<Sort>
          label={t('recordings.sort')}
          value={sortOf(search)}
          choices={SORTS.map((value) => ({ value, text: t(`recordings.sort-${value}`) }))}
          onValue={(value) => set({ sort: value })}
        />
        <Day label={t('recordings.from')} value={search.from} onDay={(from) => set({ from })} />
        <Day label={t('recordings.to')} value={search.to} onDay={(to) => set({ to })} />
        <ViewsMenu search={tidy(search)} />
        {me.may.includes('retention.read') && (
          <Link to="/recordings/holds" className={buttonClass({})}>
            {t('keep.holds')}
          </Link>
        )}
        {me.may.includes('import') && <Button onClick={() => setImporting(true)}>{t('imports.do')}</Button>}
      </div>
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
      <QueryState query={query} failed={t('recordings.failed')}>
        {({ pages }) => {
          const sessions = pages.flatMap(({ items }) => items);
          const [first] = sessions;
          if (sessions.length === 0) {
            return filtered ? (
              <EmptyState
                title={t('recordings.no-match')}
                actions={
                  <Button onClick={() => void navigate({ to: '/recordings', search: {} })}>
                    {t('recordings.clear')}
                  </Button>
                }
              />
            ) : (
              <NoSessions mayConnect={me.may.includes('connect')} />
            );
          }
          return (
            <>
              {(search.userId !== undefined || search.hostId !== undefined) && (
                <p className="bar">
                  {search.userId !== undefined && (
                    <Button size="s" icon="close" onClick={() => set({ userId: '' })}>
                      {t('recordings.only-user', { user: first?.userName ?? '' })}
                    </Button>
                  )}
                  {search.hostId !== undefined && (
                    <Button size="s" icon="close" onClick={() => set({ hostId: '' })}>
                      {t('recordings.only-host', { host: first?.hostName ?? '' })}
                    </Button>
                  )}
                </p>
              )}
              <SessionTable sessions={sessions} me={me} search={search} />
              <MoreButton query={query} />
            </>
          );
        }}
      </QueryState>
    </>
  );
}

function Day({ label, value, onDay }: { label: string; value: string | undefined; onDay(day: string): void }) {
  return (
    <label className="field day" title={label}>
      <span className="t3">{label}</span>
      <input type="date" value={value ?? ''} onChange={(event) => onDay(event.target.value)} />
    </label>
  );
}

/** Moves the focus to the next row or the one before; a row answers Enter and the full stop. */
function stepRow(by: 1 | -1): void {
  const rows = Array.from(document.querySelectorAll<HTMLElement>('tr[data-row]'));
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.focus();
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
