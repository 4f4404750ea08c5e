import type { AccountAnswer, HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { createAccount, deleteAccount, updateAccount } from '../api/hosts.js';
import { useText } from '../i18n/provider.js';
import { Button, buttonClass } from '../ui/button.js';
import { TextField } from '../ui/field.js';
import { type Ends, FormDialog, SureDialog, useSave } from '../ui/form-dialog.js';
import { Icon } from '../ui/icon.js';
import { Menu, MenuItem } from '../ui/menu.js';
import { Moment } from '../ui/words.js';
import { EMPTY_SECRET, SecretFields, secretOf } from './secret-fields.js';

/** The logins used on a host. A secret is set or replaced here and never shown. */
export function AccountsCard(props: {
  host: HostAnswer;
  mayWrite: boolean;
  mayConnect: boolean;
  onChanged(): void;
  onTest(account: AccountAnswer): void;
}) {
  const { host, mayWrite, mayConnect, onChanged, onTest } = props;
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
      {host.accounts.length === 0 && (
        <p className="t2">{t(mayWrite ? 'inventory.no-accounts' : 'inventory.no-accounts-ask')}</p>
      )}
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
            {mayConnect && (
              <Link
                to="/terminal"
                search={{ open: [`${host.id}.${account.id}`] }}
                className={buttonClass({ size: 's' })}
                aria-label={t('connect.connect-to', { host: host.name, login: account.login })}
              >
                {t('connect.connect')}
              </Link>
            )}
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
        <DeleteAccount account={deleting} onSaved={onChanged} onClose={() => setDeleting(undefined)} />
      )}
    </section>
  );
}

function AccountMenu(props: { login: string; onTest(): void; onEdit(): void; onDelete(): void }) {
  const t = useText();
  return (
    <Menu label={t('inventory.more-of', { name: props.login })} button={<Icon name="more" />}>
      {(close) => (
        <>
          <MenuItem close={close} onDo={props.onTest}>
            {t('inventory.test-sign-in')}
          </MenuItem>
          <MenuItem close={close} onDo={props.onEdit}>
            {t('inventory.change-account')}
          </MenuItem>
          <MenuItem danger close={close} onDo={props.onDelete}>
            {t('inventory.delete')}
          </MenuItem>
        </>
      )}
    </Menu>
  );
}

function AccountForm({ host, account, ...ends }: Ends & { host: HostAnswer; account: AccountAnswer | undefined }) {
  const t = useText();
  const [action, save] = useSave(ends);
  const [login, setLogin] = useState(account?.login ?? '');
  const [draft, setDraft] = useState(() => ({ ...EMPTY_SECRET, kind: account?.kind ?? EMPTY_SECRET.kind }));
  const submit = () => {
    const secret = secretOf(draft);
    const name = login.trim();
    save(
      () => {
        if (account !== undefined) return updateAccount(account.id, { login: name, ...(secret && { secret }) });
        return createAccount(host.id, { login: name, secret: secret ?? { kind: 'password', password: '' } });
      },
      t('inventory.saved', { name }),
    );
  };
  return (
    <FormDialog
      title={
        account === undefined ? t('inventory.add-account') : t('inventory.change-account-of', { login: account.login })
      }
      action={action}
      submit={t('common.save')}
      onClose={ends.onClose}
      onSubmit={submit}
    >
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
    </FormDialog>
  );
}

function DeleteAccount({ account, ...ends }: Ends & { account: AccountAnswer }) {
  const t = useText();
  const [action, save] = useSave(ends);
  return (
    <SureDialog
      title={t('inventory.delete-account', { login: account.login })}
      body={t('inventory.delete-account-body')}
      confirm={t('inventory.delete-now')}
      action={action}
      onConfirm={() => save(() => deleteAccount(account.id), t('inventory.deleted', { name: account.login }))}
      onClose={ends.onClose}
    />
  );
}
