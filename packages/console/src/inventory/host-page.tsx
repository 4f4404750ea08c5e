import type { HostAnswer, HostTestAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery, useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { deleteHost, hostQuery, testHost } from '../api/hosts.js';
import { meQuery } from '../api/me.js';
import { PageTitle } from '../frame/title.js';
import { useText } from '../i18n/provider.js';
import { HeldFlag } from '../recordings/keep-actions.js';
import { type HoldAct, HoldDialog, HoldItem, holdActOf, useHolds } from '../recordings/subject-hold.js';
import { Button } from '../ui/button.js';
import { SureDialog } from '../ui/form-dialog.js';
import { Icon } from '../ui/icon.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { ProblemNote } from '../ui/problem.js';
import { QueryState } from '../ui/query-state.js';
import { toast } from '../ui/toast.js';
import { useAction } from '../ui/use-action.js';
import { envOf, Moment, Tag } from '../ui/words.js';
import { AccountsCard } from './accounts-card.js';
import { HostForm } from './host-form.js';
import { HostKeysCard } from './host-keys-card.js';
import { placeOf } from './host-line.js';
import { HostSteps } from './host-steps.js';

const route = getRouteApi('/frame/inventory/hosts/$id');

export function HostPage() {
  const t = useText();
  const { id } = route.useParams();
  const query = useQuery(hostQuery(id));
  return (
    <>
      <PageTitle
        title={query.data?.name ?? t('inventory.host')}
        above={[
          <Link key="inventory" to="/inventory/hosts">
            {t('frame.inventory')}
          </Link>,
        ]}
      />
      <div className="measure">
        <QueryState query={query} failed={t('inventory.host-failed')}>
          {(host) => <Host key={host.id} host={host} />}
        </QueryState>
      </div>
    </>
  );
}

function Host({ host }: { host: HostAnswer }) {
  const t = useText();
  const queries = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery);
  const mayWrite = me.may.includes('inventory.write');
  const [dialog, setDialog] = useState<'edit' | 'delete' | HoldAct>();
  const [test, setTest] = useState<HostTestAnswer>();
  const testing = useAction();
  const hold = useHolds('host', me).get(host.id);
  const refresh = () => void queries.invalidateQueries({ queryKey: ['hosts'] });
  const runTest = async (accountId?: string) => {
    setTest(undefined);
    const done = await testing.run(() => testHost(host.id, accountId));
    setTest(done?.value);
    refresh();
  };
  const problem = testing.problem ?? test?.problem;
  return (
    <>
      <section className="card">
        <header>
          <h2>{t('inventory.facts')}</h2>
          {hold !== undefined && <HeldFlag holds={[hold]} />}
          <span className="push row">
            {mayWrite && (
              <Button icon="refresh" busy={testing.busy} onClick={() => void runTest(host.accounts[0]?.id)}>
                {t('inventory.test')}
              </Button>
            )}
            <HostMenu name={host.name} mayWrite={mayWrite} hold={holdActOf(me, hold !== undefined)} onDo={setDialog} />
          </span>
        </header>
        <HostFacts host={host} />
        {(testing.busy || test !== undefined) && (
          <div className="after">
            <HostSteps test={test} running={testing.busy} />
          </div>
        )}
        {problem !== undefined && (
          <div className="after">
            <ProblemNote problem={problem} />
          </div>
        )}
      </section>
      <HostKeysCard host={host} mayWrite={mayWrite} onChanged={refresh} />
      <AccountsCard
        host={host}
        mayWrite={mayWrite}
        mayConnect={me.may.includes('connect')}
        onChanged={refresh}
        onTest={(account) => void runTest(account.id)}
      />
      {dialog === 'edit' && <HostForm host={host} onSaved={refresh} onClose={() => setDialog(undefined)} />}
      {(dialog === 'hold' || dialog === 'release') && (
        <HoldDialog act={dialog} subject="host" of={host} onClose={() => setDialog(undefined)} />
      )}
      {dialog === 'delete' && <DeleteHost host={host} onClose={() => setDialog(undefined)} />}
    </>
  );
}

/** Nothing, when one may do nothing about a host. */
function HostMenu(props: {
  name: string;
  mayWrite: boolean;
  hold: HoldAct | undefined;
  onDo(what: 'edit' | 'delete' | HoldAct): void;
}) {
  const { name, mayWrite, hold, onDo } = props;
  const t = useText();
  if (!mayWrite && hold === undefined) return null;
  return (
    <Menu label={t('inventory.more-of', { name })} button={<Icon name="more" />}>
      {(close) => (
        <>
          {mayWrite && (
            <MenuItem close={close} onDo={() => onDo('edit')}>
              {t('inventory.edit')}
            </MenuItem>
          )}
          {hold !== undefined && <HoldItem act={hold} close={close} onDo={() => onDo(hold)} />}
          {mayWrite && (
            <MenuItem danger close={close} onDo={() => onDo('delete')}>
              {t('inventory.delete')}
            </MenuItem>
          )}
        </>
      )}
    </Menu>
  );
}

function HostFacts({ host }: { host: HostAnswer }) {
  const t = useText();
  const labels = Object.entries(host.labels);
  return (
    <dl className="kv">
      <dt>{t('inventory.address')}</dt>
      <dd className="mono">{placeOf(host)}</dd>
      <dt>{t('inventory.labels')}</dt>
      <dd className="row row-w gap-s">
        {labels.length === 0 && '–'}
        {labels.map(([key, value]) => (
          <Tag key={key} {...(key === 'env' && { env: envOf(host.labels) ?? 'other' })}>{`${key}=${value}`}</Tag>
        ))}
      </dd>
      <dt>{t('inventory.recording-failure')}</dt>
      <dd>{t(`inventory.recording-${host.onRecordingFailure}`)}</dd>
      <dt>{t('inventory.watcher')}</dt>
      <dd>{t(host.watcherRequired ? 'inventory.watcher-always' : 'inventory.watcher-never')}</dd>
      <dt>{t('inventory.algorithms')}</dt>
      <dd>{t(host.legacyAlgorithms ? 'inventory.algorithms-legacy' : 'inventory.algorithms-modern')}</dd>
      <dt>{t('inventory.added')}</dt>
      <dd>
        <Moment at={host.createdAt} />
      </dd>
    </dl>
  );
}

function DeleteHost({ host, onClose }: { host: HostAnswer; onClose(): void }) {
  const t = useText();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const action = useAction();
  const confirm = async () => {
    if ((await action.run(() => deleteHost(host.id))) === undefined) return;
    toast(t('inventory.deleted', { name: host.name }));
    await queries.invalidateQueries({ queryKey: ['hosts'], exact: true });
    await navigate({ to: '/inventory/hosts', search: {} });
    queries.removeQueries({ queryKey: ['hosts', host.id] });
  };
  return (
    <SureDialog
      title={t('inventory.delete-host', { name: host.name })}
      body={t('inventory.delete-host-body')}
      confirm={t('inventory.delete-now')}
      action={action}
      onConfirm={() => void confirm()}
      onClose={onClose}
    />
  );
}
