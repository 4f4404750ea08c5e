import type { TokenAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { createToken, deleteToken, tokensQuery } from '../api/profile.js';
import { useText } from '../i18n/provider.js';
import { Button, IconButton } from '../ui/button.js';
import { CopyLine } from '../ui/copy.js';
import { Dialog } from '../ui/dialog.js';
import { SelectField, TextField } from '../ui/field.js';
import { type Ends, FormDialog, SureDialog, useSave } from '../ui/form-dialog.js';
import { Icon } from '../ui/icon.js';
import { Note } from '../ui/note.js';
import { QueryState } from '../ui/query-state.js';
import { SkeletonRows } from '../ui/skeleton.js';
import { useAction } from '../ui/use-action.js';
import { Moment, TimeAgo } from '../ui/words.js';
import { Card } from './card.js';

const DAYS = ['30', '90', '366'] as const;

/** Tokens for the command line and scripts. The token itself is shown once. */
export function TokensCard() {
  const t = useText();
  const queries = useQueryClient();
  const query = useQuery(tokensQuery);
  const [dialog, setDialog] = useState<'new' | TokenAnswer>();
  const refresh = () => void queries.invalidateQueries({ queryKey: tokensQuery.queryKey });
  return (
    <Card
      title={t('me.tokens')}
      action={
        <Button icon="plus" onClick={() => setDialog('new')}>
          {t('me.token-new')}
        </Button>
      }
    >
      <QueryState query={query} failed={t('me.tokens-failed')} skeleton={<SkeletonRows rows={2} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="t2">{t('me.no-tokens')}</p>
          ) : (
            <ul className="rows">
              {items.map((token) => (
                <li key={token.id} className="row">
                  <Icon name="key" />
                  <div className="grow">
                    <b className="break">{token.name}</b>
                    <small>
                      {t.rich('me.token-facts', {
                        ends: (children) => (
                          <>
                            {children} <Moment at={token.expiresAt} />
                          </>
                        ),
                        used: (children) =>
                          token.lastUsedAt === undefined ? (
                            t('me.token-unused')
                          ) : (
                            <>
                              {children} <TimeAgo at={token.lastUsedAt} />
                            </>
                          ),
                      })}
                    </small>
                  </div>
                  <IconButton
                    icon="trash"
                    label={t('me.token-revoke', { name: token.name })}
                    onClick={() => setDialog(token)}
                  />
                </li>
              ))}
            </ul>
          )
        }
      </QueryState>
      {dialog === 'new' && <NewToken onSaved={refresh} onClose={() => setDialog(undefined)} />}
      {typeof dialog === 'object' && <Revoke token={dialog} onSaved={refresh} onClose={() => setDialog(undefined)} />}
    </Card>
  );
}

function NewToken({ onSaved, onClose }: Ends) {
  const t = useText();
  const action = useAction();
  const [name, setName] = useState('');
  const [days, setDays] = useState<(typeof DAYS)[number]>('90');
  const [token, setToken] = useState<string>();
  const make = async () => {
    const made = await action.run(() => createToken(name.trim(), Number(days)));
    if (made === undefined) return;
    setToken(made.value.token);
    onSaved();
  };
  if (token !== undefined) {
    return (
      <Dialog title={t('me.token-new')} onClose={onClose}>
        <div className="stack">
          <Note tone="warn">{t('me.token-once')}</Note>
          <CopyLine text={token} label={t('me.token-copy')} />
          <footer>
            <Button kind="primary" onClick={onClose}>
              {t('common.close')}
            </Button>
          </footer>
        </div>
      </Dialog>
    );
  }
  return (
    <FormDialog
      title={t('me.token-new')}
      action={action}
      submit={t('me.token-make')}
      onClose={onClose}
      onSubmit={() => void make()}
    >
      <TextField
        label={t('me.token-name')}
        help={t('me.token-name-help')}
        value={name}
        onValue={setName}
        maxLength={64}
        autoComplete="off"
        autoFocus
        required
      />
      <SelectField<(typeof DAYS)[number]>
        label={t('me.token-days')}
        value={days}
        choices={DAYS.map((value) => ({ value, text: t('me.token-for', { days: Number(value) }) }))}
        onValue={setDays}
      />
    </FormDialog>
  );
}

function Revoke({ token, ...ends }: Ends & { token: TokenAnswer }) {
  const t = useText();
  const [action, save] = useSave(ends);
  return (
    <SureDialog
      title={t('me.token-revoke', { name: token.name })}
      body={t('me.token-revoke-body')}
      confirm={t('me.token-revoke-do')}
      action={action}
      onConfirm={() => save(() => deleteToken(token.id), t('me.token-revoked', { name: token.name }))}
      onClose={ends.onClose}
    />
  );
}
