import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useRef } from 'react';
import { hostsQuery } from '../api/hosts.js';
import { meQuery } from '../api/me.js';
import { hostMatcher, labelColumns } from '../connect/host-match.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { buttonClass } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { SearchBox } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { Note } from '../ui/note.js';
import { QueryState } from '../ui/query-state.js';
import { Table } from '../ui/table.js';
import { CutMiddle } from '../ui/words.js';
import { placeOf } from './host-line.js';
import { keyState } from './key-state.js';
import { KeyStateMark } from './key-state-mark.js';
import { LabelValue } from './label-value.js';
import { InventoryTabs } from './tabs.js';

const route = getRouteApi('/frame/inventory/hosts');

export function HostsPage() {
  const t = useText();
  const navigate = useNavigate();
  const { q = '' } = route.useSearch();
  const query = useQuery(hostsQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  const mayWrite = me.may.includes('inventory.write');
  const search = useRef<HTMLInputElement>(null);
  useSingleKeys({ '/': () => search.current?.focus() });
  const add = mayWrite && (
    <Link to="/inventory/hosts/new" className={buttonClass({ kind: 'primary' })}>
      <Icon name="plus" />
      {t('inventory.add-host')}
    </Link>
  );
  return (
    <>
      <PageTitle title={t('frame.inventory')} />
      <InventoryTabs current="hosts" count={query.data?.length} />
      <QueryState query={query} failed={t('inventory.hosts-failed')}>
        {(hosts) =>
          hosts.length === 0 ? (
            <EmptyState title={t('inventory.no-hosts')} actions={add}>
              {t(mayWrite ? 'inventory.no-hosts-body' : 'connect.none-open-body')}
            </EmptyState>
          ) : (
            <>
              {hosts
                .filter((host) => keyState(host) === 'changed')
                .map((host) => (
                  <ChangedNote key={host.id} host={host} />
                ))}
              <div className="bar">
                <SearchBox
                  label={t('connect.find')}
                  placeholder={t('connect.find-hint')}
                  value={q}
                  onValue={(value) =>
                    void navigate({ to: '/inventory/hosts', search: value === '' ? {} : { q: value }, replace: true })
                  }
                  inputRef={search}
                />
                <span className="push">{add}</span>
              </div>
              <HostTable hosts={hosts.filter(hostMatcher(q))} columns={labelColumns(hosts)} mayWrite={mayWrite} />
            </>
          )
        }
      </QueryState>
    </>
  );
}

function ChangedNote({ host }: { host: HostAnswer }) {
  const t = useText();
  return (
    <Note
      tone="danger"
      action={
        <Link to="/inventory/hosts/$id" params={{ id: host.id }} className={buttonClass({ size: 's' })}>
          {t('inventory.compare')}
        </Link>
      }
    >
      {t.rich('inventory.key-changed-note', { host: host.name, b: (name) => <b>{name}</b> })}
    </Note>
  );
}

function HostTable(props: { hosts: readonly HostAnswer[]; columns: readonly string[]; mayWrite: boolean }) {
  const { hosts, columns, mayWrite } = props;
  const t = useText();
  if (hosts.length === 0) return <EmptyState title={t('connect.no-match')} />;
  return (
    <Table
      label={t('inventory.hosts')}
      stack
      minWidth={960}
      columns={[
        { key: 'name', head: t('inventory.name') },
        { key: 'address', head: t('inventory.address'), width: 200 },
        ...columns.map((key) => ({ key: `label:${key}`, head: key, width: 120, className: 'mono' })),
        { key: 'accounts', head: t('inventory.accounts'), width: 160, className: 'hide-s' },
        { key: 'key', head: t('inventory.host-key'), width: 140 },
        ...(mayWrite ? [{ key: 'act', head: t('inventory.actions'), hidden: true, width: 120 }] : []),
      ]}
    >
      {hosts.map((host) => (
        <tr key={host.id}>
          <td className="s-line">
            <Link className="q" to="/inventory/hosts/$id" params={{ id: host.id }}>
              <b className="row">
                <CutMiddle>{host.name}</CutMiddle>
              </b>
            </Link>
          </td>
          <td className="t2 s-line" title={placeOf(host)}>
            {placeOf(host)}
          </td>
          {columns.map((key) => (
            <td key={key} className={host.labels[key] === undefined ? 'hide-s' : undefined}>
              <LabelValue labels={host.labels} name={key} />
            </td>
          ))}
          <td className="t2 hide-s">{host.accounts.map(({ login }) => login).join(', ') || '–'}</td>
          <td>
            <KeyStateMark host={host} />
          </td>
          {mayWrite && (
            <td className="act">
              <KeyAct host={host} />
            </td>
          )}
        </tr>
      ))}
    </Table>
  );
}

/** A key that waits is the one thing to do about a host from the list. */
function KeyAct({ host }: { host: HostAnswer }) {
  const t = useText();
  const state = keyState(host);
  if (state !== 'changed' && state !== 'waiting') return null;
  return (
    <Link to="/inventory/hosts/$id" params={{ id: host.id }} className={buttonClass({ size: 's' })}>
      {t(state === 'changed' ? 'inventory.compare' : 'inventory.approve')}
      <span className="sr"> {host.name}</span>
    </Link>
  );
}
