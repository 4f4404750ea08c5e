import type { AccountAnswer, HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { createAccount, deleteAccount, updateAccount } from '../api/hosts.js';
import { useText } from '../i18n/provider.js';
import { Button, buttonClass } from '../ui/button.js';
import { Confirm, Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/field.js';
import { Icon } from '../ui/icon.js';
import { Menu } from '../ui/menu.js';
import { ProblemNote } from '../ui/problem.js';
import { toast } from '../ui/toast.js';
import { useAction } from '../ui/use-action.js';
import { Moment } from '../ui/words.js';
import { EMPTY_SECRET, SecretFields, secretOf } from './secret-fields.js';

/** The logins used on a host. A secret is set or replaced here and never shown. */
export function AccountsCard(props: {
  host: HostAnswer;
  mayWrite: boolean;
  onChanged(): void;
  onTest(account: AccountAnswer): void;
}) {
  const { host, mayWrite, onChanged, onTest } = props;
  const t = useText();
  const [editing, setEditing] = useState<AccountAnswer | 'new'>();
  const [deleting, setDeleting] = useState<AccountAnswer>();
  return (
    <section className="card" aria-labelledby="accounts">
      <header>
        <h2 id="accounts">{t('inventory.accounts')}</h2>
        {mayWrite && (
          <span className="push">
            <Button size="s" icon="plus" onClick={() => setEditing('new')}>
              {t('inventory.add-account')}
            </Button>
          </span>
        )}
      </header>
      {host.accounts.length === 0 && <p className="t2">{t('inventory.no-accounts')}</p>}
      <ul className="rows">
        {host.accounts.map((account) => (
          <li key={account.id} className="row">
            <Icon name={account.kind === 'key' ? 'key' : 'lock'} />
            <div className="grow">
              <b className="cut">{account.login}</b>
              <small className="cut">
                {account.kind === 'key'
                  ? (account.keyFingerprint ?? t('inventory.secret-key'))
                  : t('inventory.secret-password')}
                {' · '}
                <Moment at={account.updatedAt} />
              </small>
            </div>
            <Link
              to="/terminal"
              search={{ open: [`${host.id}.${account.id}`] }}
              className={buttonClass({ size: 's' })}
              aria-label={t('connect.connect-to', { host: host.name, login: account.login })}
            >
              {t('connect.connect')}
            </Link>
            {mayWrite && (
              <AccountMenu
                login={account.login}
                onTest={() => onTest(account)}
                onEdit={() => setEditing(account)}
                onDelete={() => setDeleting(account)}
              />
            )}
          </li>
        ))}
      </ul>
      {editing !== undefined && (
        <AccountForm
          host={host}
          account={editing === 'new' ? undefined : editing}
          onSaved={onChanged}
          onClose={() => setEditing(undefined)}
        />
      )}
      {deleting !== undefined && (
        <DeleteAccount account={deleting} onDeleted={onChanged} onClose={() => setDeleting(undefined)} />
      )}
    </section>
  );
}

function AccountMenu(props: { login: string; onTest(): void; onEdit(): void; onDelete(): void }) {
  const t = useText();
  const item =
    (label: string, act: () => void, danger = false) =>
    (close: () => void) => (
      <button
        type="button"
        role="menuitem"
        className={danger ? 'danger' : undefined}
        onClick={() => {
          close();
          act();
        }}
      >
        {label}
      </button>
    );
  return (
    <Menu label={t('inventory.more-of', { name: props.login })} button={<Icon name="more" />}>
      {(close) => (
        <>
          {item(t('inventory.test-sign-in'), props.onTest)(close)}
          {item(t('inventory.change-account'), props.onEdit)(close)}
          {item(t('inventory.delete'), props.onDelete, true)(close)}
        </>
      )}
    </Menu>
  );
}

function AccountForm(props: {
  host: HostAnswer;
  account: AccountAnswer | undefined;
  onSaved(): void;
  onClose(): void;
}) {
  const { host, account, onSaved, onClose } = props;
  const t = useText();
  const action = useAction();
  const [login, setLogin] = useState(account?.login ?? '');
  const [draft, setDraft] = useState(() => ({ ...EMPTY_SECRET, kind: account?.kind ?? EMPTY_SECRET.kind }));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const secret = secretOf(draft);
    const saved = await action.run(() => {
      if (account !== undefined) return updateAccount(account.id, { login: login.trim(), ...(secret && { secret }) });
      return createAccount(host.id, { login: login.trim(), secret: secret ?? { kind: 'password', password: '' } });
    });
    if (saved === undefined) return;
    toast(t('inventory.saved', { name: login.trim() }));
    onSaved();
    onClose();
  };
  return (
    <Dialog
      title={
        account === undefined ? t('inventory.add-account') : t('inventory.change-account-of', { login: account.login })
      }
      onClose={onClose}
    >
      <form className="form" onSubmit={(event) => void save(event)}>
        <TextField
          mono
          label={t('inventory.login')}
          value={login}
          onValue={setLogin}
          autoComplete="off"
          autoFocus
          required
        />
        <SecretFields draft={draft} onDraft={setDraft} />
        {account !== undefined && <p>{t('inventory.secret-kept')}</p>}
        {action.problem && <ProblemNote problem={action.problem} />}
        <footer>
          <Button kind="quiet" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" kind="primary" busy={action.busy}>
            {t('common.save')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

function DeleteAccount({
  account,
  onDeleted,
  onClose,
}: {
  account: AccountAnswer;
  onDeleted(): void;
  onClose(): void;
}) {
  const t = useText();
  const action = useAction();
  const confirm = async () => {
    if ((await action.run(() => deleteAccount(account.id))) === undefined) return;
    toast(t('inventory.deleted', { name: account.login }));
    onDeleted();
    onClose();
  };
  return (
    <Confirm
      danger
      title={t('inventory.delete-account', { login: account.login })}
      body={t('inventory.delete-account-body')}
      confirm={t('inventory.delete-now')}
      busy={action.busy}
      error={action.problem && <ProblemNote problem={action.problem} />}
      onConfirm={() => void confirm()}
      onClose={onClose}
    />
  );
}
