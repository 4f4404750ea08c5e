import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate, useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { hostsQuery } from '../api/hosts.js';
import { meQuery } from '../api/me.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { emulatorCode } from '../terminal/emulator-code.js';
import { workspaceOf } from '../terminal/workspace.js';
import { Button, buttonClass } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { SearchBox } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { QueryState } from '../ui/query-state.js';
import { groupHosts } from './host-groups.js';
import { HostList } from './host-list.js';
import { labelColumns } from './host-match.js';
import { readPins, togglePin } from './pins.js';
import './connect.css';

const route = getRouteApi('/frame/connect');

/** The list has been painted by then, and nobody has chosen yet. */
const PREFETCH_WITHIN_MS = 200;
const whenIdle = (work: () => void): (() => void) => {
  // Safari has no idle callback.
  if (typeof requestIdleCallback !== 'function') {
    const timer = setTimeout(work, PREFETCH_WITHIN_MS);
    return () => clearTimeout(timer);
  }
  const idle = requestIdleCallback(work, { timeout: PREFETCH_WITHIN_MS });
  return () => cancelIdleCallback(idle);
};

/** Drawing the terminal's page takes its only thread: the gateway is asked first, unless that takes so long that it shows. */
const ASK_FIRST_MS = 80;

function loadTerminal(router: ReturnType<typeof useRouter>): void {
  router.loadRouteChunk(router.routesById['/frame/terminal'])?.catch(() => undefined); // told on the way there
  emulatorCode().catch(() => undefined); // told by the page that needs it
}

/** The picker: type, Enter, and a shell opens. */
export function ConnectPage() {
  const t = useText();
  const query = useQuery(hostsQuery);
  const hosts = query.data;
  const router = useRouter();
  const ready = hosts !== undefined && hosts.length > 0;
  useEffect(() => {
    if (!ready) return;
    // The terminal's files are fetched while the person still chooses.
    return whenIdle(() => loadTerminal(router));
  }, [ready, router]);
  return (
    <>
      <PageTitle
        title={t('frame.connect')}
        {...(hosts !== undefined && hosts.length > 0 && { sub: t('connect.count', { count: hosts.length }) })}
      />
      <QueryState query={query} failed={t('inventory.hosts-failed')}>
        {(all) => (all.length === 0 ? <NoHosts /> : <Picker hosts={all} />)}
      </QueryState>
    </>
  );
}

function NoHosts() {
  const t = useText();
  const { data: me } = useSuspenseQuery(meQuery);
  const mayAdd = me.may.includes('inventory.write');
  return (
    <EmptyState
      title={t(mayAdd ? 'inventory.no-hosts' : 'connect.none-open')}
      actions={
        mayAdd && (
          <Link to="/inventory/hosts/new" className={buttonClass({ kind: 'primary' })}>
            <Icon name="plus" />
            {t('inventory.add-host')}
          </Link>
        )
      }
    >
      {t(mayAdd ? 'inventory.no-hosts-body' : 'connect.none-open-body')}
    </EmptyState>
  );
}

function Picker({ hosts }: { hosts: readonly HostAnswer[] }) {
  const t = useText();
  const navigate = useNavigate();
  const router = useRouter();
  const { data: me } = useSuspenseQuery(meQuery);
  const { q = '' } = route.useSearch();
  const [pins, setPins] = useState(readPins);
  const [accounts, setAccounts] = useState<Readonly<Record<string, string>>>({});
  const [current, setCurrent] = useState<string>();
  const search = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const groups = groupHosts(hosts, pins, q);
  const rows = groups.flatMap((group) => group.rows);
  // What Enter opens: the chosen row, or the best one while typing.
  const chosen = rows.find(({ host }) => host.id === current) ?? rows[0];

  const accountOf = (host: HostAnswer) =>
    [accounts[host.id], host.lastAccountId, host.accounts[0]?.id].find((id) =>
      host.accounts.some((account) => account.id === id),
    );
  const open = (host: HostAnswer, split: boolean) => {
    const account = accountOf(host);
    if (account === undefined) return;
    loadTerminal(router);
    const asked = workspaceOf(me.user.id).openAtOnce({ hostId: host.id, accountId: account }, split);
    void Promise.race([asked, new Promise((resolve) => setTimeout(resolve, ASK_FIRST_MS))]).then(() =>
      navigate({
        to: '/terminal',
        search: { open: [`${host.id}.${account}`], ...(split && { split: '1' as const }) },
      }),
    );
  };
  const focusRow = (id: string | undefined) => {
    if (id === undefined) return search.current?.focus();
    setCurrent(id);
    list.current?.querySelector<HTMLElement>(`[data-host="${id}"] [data-main]`)?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const inSearch = event.target === search.current;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      if (event.target instanceof HTMLSelectElement) return;
      const at = rows.findIndex(({ host }) => host.id === chosen?.host.id);
      const next = at + (event.key === 'ArrowDown' ? 1 : -1);
      event.preventDefault();
      if (next < 0) focusRow(undefined);
      else if (next < rows.length) focusRow(rows[next]?.host.id);
    } else if (event.key === 'Enter' && chosen !== undefined && (inSearch || event.altKey)) {
      event.preventDefault();
      open(chosen.host, event.altKey);
    } else if (event.key === 'Escape' && q !== '') {
      event.preventDefault();
      find('');
      search.current?.focus();
    }
  };
  const find = (value: string) => {
    setCurrent(undefined);
    void navigate({ to: '/connect', search: value === '' ? {} : { q: value }, replace: true });
  };
  useSingleKeys({
    '/': () => search.current?.focus(),
    p: () => chosen && setPins(togglePin(pins, chosen.host.id)),
  });

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrows move between the buttons inside
    <div onKeyDown={onKeyDown} ref={list}>
      <SearchBox
        large
        label={t('connect.find')}
        placeholder={t('connect.find-hint')}
        value={q}
        onValue={find}
        inputRef={search}
        autoFocus
        aria-describedby="matches"
      >
        <span className="t3 meta hide-s nowrap" id="matches" role="status">
          {q !== '' && t('connect.matches', { count: rows.length })}
        </span>
      </SearchBox>
      {rows.length === 0 ? (
        <EmptyState
          title={t('connect.no-match')}
          actions={
            <Button
              onClick={() => {
                find('');
                search.current?.focus();
              }}
            >
              {t('connect.clear')}
            </Button>
          }
        >
          {t('connect.no-match-body')}
        </EmptyState>
      ) : (
        <HostList
          groups={groups}
          columns={labelColumns(hosts)}
          chosen={chosen?.host.id}
          pins={pins}
          accountOf={accountOf}
          onAccount={(host, account) => setAccounts({ ...accounts, [host]: account })}
          onPin={(id) => setPins(togglePin(pins, id))}
          onOpen={(host, split) => open(host, split)}
          onFocus={setCurrent}
        />
      )}
      <p className="meta t3 hide-s key-line">
        <span>
          <kbd>↑</kbd> <kbd>↓</kbd> {t('connect.hint-choose')}
        </span>
        <span>
          <kbd>Enter</kbd> {t('connect.hint-open')}
        </span>
        <span>
          <kbd>Alt Enter</kbd> {t('connect.hint-split')}
        </span>
        <span>
          <kbd>p</kbd> {t('connect.hint-pin')}
        </span>
      </p>
    </div>
  );
}
