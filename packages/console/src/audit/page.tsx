import { AUDIT_ACTIONS } from '@sallyport/core/model/audit.js';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { type FormEvent, useRef, useState } from 'react';
import { type AuditFilter, auditQuery } from '../api/audit.js';
import { API } from '../api/client.js';
import { useSingleKeys } from '../frame/keys.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { Button, buttonClass } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { SearchBox, Select } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { MoreButton } from '../ui/more.js';
import { QueryState } from '../ui/query-state.js';
import { AuditTable } from './audit-table.js';
import { VerifyBadge } from './verify-badge.js';

const route = getRouteApi('/frame/audit');

/** Everything that happened, in a chain that shows when it was touched. */
export function AuditPage() {
  const t = useText();
  const navigate = useNavigate();
  const filter = route.useSearch();
  const query = useInfiniteQuery(auditQuery(filter));
  const set = (next: AuditFilter) => {
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''));
    void navigate({ to: '/audit', search: kept, replace: true });
  };
  const filtered = Object.keys(filter).length > 0;
  return (
    <>
      <PageTitle title={t('frame.audit')} />
      <Filters key={JSON.stringify(filter)} filter={filter} onFilter={set} />
      <QueryState query={query} failed={t('audit.failed')}>
        {({ pages }) => {
          const entries = pages.flatMap(({ items }) => items);
          if (entries.length === 0) {
            return (
              <EmptyState
                title={t(filtered ? 'audit.no-match' : 'audit.none')}
                actions={filtered && <Button onClick={() => set({})}>{t('recordings.clear')}</Button>}
              />
            );
          }
          return (
            <>
              <AuditTable entries={entries} />
              <MoreButton query={query} />
            </>
          );
        }}
      </QueryState>
    </>
  );
}

function Filters({ filter, onFilter }: { filter: AuditFilter; onFilter(filter: AuditFilter): void }) {
  const t = useText();
  const [actor, setActor] = useState(filter.actor ?? '');
  const [target, setTarget] = useState(filter.target ?? '');
  const first = useRef<HTMLInputElement>(null);
  useSingleKeys({ '/': () => first.current?.focus() });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onFilter({ ...filter, actor: actor.trim(), target: target.trim() });
  };
  return (
    <form className="bar audit-bar" onSubmit={submit}>
      <SearchBox icon="user" label={t('audit.actor')} value={actor} onValue={setActor} inputRef={first} />
      <SearchBox label={t('audit.target')} placeholder={t('audit.target-hint')} value={target} onValue={setTarget} />
      <Select
        label={t('audit.action')}
        value={filter.action ?? ''}
        choices={[
          { value: '', text: t('audit.any-action') },
          ...AUDIT_ACTIONS.map((action) => ({ value: action as string, text: t(`actions.${action}`) })),
        ]}
        onValue={(action) => onFilter({ actor: actor.trim(), target: target.trim(), action })}
      />
      <Button type="submit" kind="primary">
        {t('audit.search')}
      </Button>
      <span className="row push">
        <VerifyBadge />
        <a className={buttonClass({ kind: 'quiet' })} href={`${API}/audit/export`} download>
          <Icon name="download" />
          {t('audit.export')}
        </a>
      </span>
    </form>
  );
}
