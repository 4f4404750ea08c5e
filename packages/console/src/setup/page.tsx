import { useQuery } from '@tanstack/react-query';
import { Navigate, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { hostsQuery } from '../api/hosts.js';
import { meQuery, statusQuery } from '../api/me.js';
import { Lone } from '../frame/lone.js';
import { useText } from '../i18n/provider.js';
import { AddHost } from '../inventory/add-host.js';
import { Button } from '../ui/button.js';
import { EmptyState } from '../ui/empty-state.js';
import { type GateStep, Pass } from '../ui/gate.js';
import { QueryState } from '../ui/query-state.js';
import { AdminForm } from './admin-form.js';
import './setup.css';

/** The first run: three gates, you, a host, its shell. Only the first is required; the rest can be taken up again. */
export function SetupPage() {
  const t = useText();
  const navigate = useNavigate();
  const status = useQuery(statusQuery);
  const me = useQuery({ ...meQuery, enabled: status.data?.setUp === true });
  const signedIn = me.data !== undefined;
  const hosts = useQuery({ ...hostsQuery, enabled: signedIn });
  const [token] = useState(() => decodeURIComponent(location.hash.slice(1)));
  const begun = hosts.data?.[0];

  const gates: GateStep[] = [
    {
      key: 'you',
      state: signedIn ? 'ok' : 'now',
      title: t('setup.gate-you'),
      detail: signedIn ? me.data.user.name : t('setup.gate-you-detail'),
    },
    { key: 'host', state: signedIn ? 'now' : 'todo', title: t('setup.gate-host'), detail: t('setup.gate-host-detail') },
    { key: 'shell', state: 'todo', title: t('setup.gate-shell'), detail: t('setup.gate-shell-detail') },
  ];
  const leave = () => void navigate({ to: '/connect', search: {} });
  const body = () => {
    if (signedIn) {
      return (
        <QueryState query={hosts} failed={t('inventory.hosts-failed')}>
          {() => (
            <>
              <h2>{t('setup.host-title')}</h2>
              <p className="t2 lead">{t('setup.host-lead')}</p>
              <AddHost
                done={t('setup.first-shell')}
                begun={begun}
                onDone={(host, account) =>
                  void navigate({ to: '/terminal', search: { open: [`${host.id}.${account.id}`] } })
                }
              />
              <div className="later">
                <Button kind="quiet" onClick={leave}>
                  {t('setup.later')}
                </Button>
              </div>
            </>
          )}
        </QueryState>
      );
    }
    if (token === '') {
      return <EmptyState title={t('setup.no-link')}>{t('setup.no-link-body')}</EmptyState>;
    }
    return <AdminForm token={token} />;
  };
  if (status.data?.setUp === true && me.error?.status === 401) {
    return <Navigate to="/sign-in" search={{ to: '/setup' }} />;
  }
  return (
    <Lone brand title={t('setup.title')} footer={!signedIn && <span>{t('setup.link-note')}</span>}>
      <div className="setup">
        <h1 className="big">{t('setup.heading')}</h1>
        <p className="t2">{t('setup.lead')}</p>
        <div className="card setup-card">
          <div className="setup-gates">
            <Pass column steps={gates} label={t('setup.gates')} />
          </div>
          <div className="setup-body">
            <QueryState query={status} failed={t('setup.status-failed')}>
              {body}
            </QueryState>
          </div>
        </div>
      </div>
    </Lone>
  );
}
