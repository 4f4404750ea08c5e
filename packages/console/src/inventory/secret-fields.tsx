import { useState } from 'react';
import type { AccountSecretBody } from '../api/hosts.js';
import { useText } from '../i18n/provider.js';
import { TextArea, TextField } from '../ui/field.js';
import { Segmented } from '../ui/segmented.js';

export interface SecretDraft {
  readonly kind: AccountSecretBody['kind'];
  readonly password: string;
  readonly privateKey: string;
  readonly passphrase: string;
}
export const EMPTY_SECRET: SecretDraft = { kind: 'password', password: '', privateKey: '', passphrase: '' };

/** What is sent; undefined while nothing is filled in. */
export function secretOf({ kind, password, privateKey, passphrase }: SecretDraft): AccountSecretBody | undefined {
  if (kind === 'password') return password === '' ? undefined : { kind, password };
  if (privateKey.trim() === '') return undefined;
  return { kind, privateKey: `${privateKey.trim()}\n`, ...(passphrase !== '' && { passphrase }) };
}

/** Password or private key of an account on a host. The secret goes one way: nothing ever shows it again. */
export function SecretFields({ draft, onDraft }: { draft: SecretDraft; onDraft(draft: SecretDraft): void }) {
  const t = useText();
  const [readError, setReadError] = useState(false);
  const readFile = async (file: File | undefined) => {
    if (file === undefined) return;
    const text = file.size > 32_768 ? '' : await file.text();
    setReadError(!text.includes('PRIVATE KEY'));
    if (text.includes('PRIVATE KEY')) onDraft({ ...draft, privateKey: text });
  };
  return (
    <>
      <div>
        <span className="lab">{t('inventory.secret')}</span>
        <Segmented
          label={t('inventory.secret')}
          value={draft.kind}
          choices={[
            { value: 'password', text: t('inventory.secret-password') },
            { value: 'key', text: t('inventory.secret-key') },
          ]}
          onValue={(kind) => onDraft({ ...draft, kind })}
        />
      </div>
      {draft.kind === 'password' ? (
        <TextField
          key="password"
          type="password"
          label={t('inventory.account-password')}
          help={t('inventory.secret-sealed')}
          value={draft.password}
          onValue={(password) => onDraft({ ...draft, password })}
          autoComplete="off"
        />
      ) : (
        <>
          <TextArea
            mono
            rows={5}
            label={t('inventory.private-key')}
            help={t('inventory.private-key-help')}
            error={readError ? t('inventory.private-key-unreadable') : undefined}
            placeholder="-----BEGIN OPENSSH PRIVATE KEY-----"
            value={draft.privateKey}
            onValue={(privateKey) => onDraft({ ...draft, privateKey })}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault();
              void readFile(event.dataTransfer.files[0]);
            }}
            autoComplete="off"
          />
          <TextField
            key="passphrase"
            type="password"
            label={t('inventory.passphrase')}
            aside={t('common.optional')}
            help={t('inventory.secret-sealed')}
            value={draft.passphrase}
            onValue={(passphrase) => onDraft({ ...draft, passphrase })}
            autoComplete="off"
          />
        </>
      )}
    </>
  );
}
