import type { TotpAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQueryClient, useSuspenseQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { meQuery } from '../api/me.js';
import { confirmTotp, removeTotp, startTotp } from '../api/profile.js';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { CopyLine, copyText } from '../ui/copy.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/field.js';
import { type Ends, FormDialog, useSave } from '../ui/form-dialog.js';
import { Note } from '../ui/note.js';
import { ProblemNote } from '../ui/problem.js';
import { toast } from '../ui/toast.js';
import { useAction } from '../ui/use-action.js';
import { Card } from './card.js';
import { QrCode } from './qr.js';
import './me.css';

/** The second step: an authenticator's six digits, with recovery codes for the day it is lost. */
export function TotpCard() {
  const t = useText();
  const queries = useQueryClient();
  const { data: me } = useSuspenseQuery(meQuery);
  const starting = useAction();
  const [begun, setBegun] = useState<TotpAnswer>();
  const [codes, setCodes] = useState<readonly string[]>();
  const [removing, setRemoving] = useState(false);
  const refresh = () => void queries.invalidateQueries({ queryKey: meQuery.queryKey });
  const start = async () => setBegun((await starting.run(startTotp))?.value);
  const on = me.user.totpEnabled;
  return (
    <Card
      title={t('me.totp')}
      action={
        on ? (
          <Button kind="danger" onClick={() => setRemoving(true)}>
            {t('me.totp-remove')}
          </Button>
        ) : (
          begun === undefined && (
            <Button busy={starting.busy} onClick={() => void start()}>
              {t('me.totp-start')}
            </Button>
          )
        )
      }
    >
      <p className="t2 row">
        <i className={on ? 'dot' : 'dot idle'} aria-hidden="true" />
        {t(on ? 'me.totp-is-on' : 'me.totp-is-off')}
      </p>
      {starting.problem && <ProblemNote problem={starting.problem} />}
      {begun !== undefined && !on && (
        <Enrol
          begun={begun}
          onDone={(fresh) => {
            setBegun(undefined);
            setCodes(fresh);
            refresh();
          }}
          onCancel={() => setBegun(undefined)}
        />
      )}
      {codes !== undefined && <RecoveryCodes codes={codes} onClose={() => setCodes(undefined)} />}
      {removing && <Remove onSaved={refresh} onClose={() => setRemoving(false)} />}
    </Card>
  );
}

function Enrol(props: { begun: TotpAnswer; onDone(codes: readonly string[]): void; onCancel(): void }) {
  const { begun, onDone, onCancel } = props;
  const t = useText();
  const action = useAction();
  const [code, setCode] = useState('');
  const confirm = async (event: FormEvent) => {
    event.preventDefault();
    const done = await action.run(() => confirmTotp(code.replace(/\s/g, '')));
    if (done !== undefined) onDone(done.value.codes);
  };
  return (
    <div className="enrol">
      <QrCode text={begun.uri} label={t('me.qr')} />
      <form className="form" onSubmit={(event) => void confirm(event)}>
        <p className="t2">{t('me.totp-scan')}</p>
        <CopyLine text={begun.secret} label={t('me.copy-secret')} />
        <TextField
          mono
          label={t('me.totp-code')}
          value={code}
          onValue={setCode}
          inputMode="numeric"
          autoComplete="one-time-code"
          autoFocus
          required
        />
        {action.problem && <ProblemNote problem={action.problem} />}
        <div className="acts">
          <Button type="submit" kind="primary" busy={action.busy}>
            {t('me.totp-confirm')}
          </Button>
          <Button kind="quiet" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        </div>
      </form>
    </div>
  );
}

function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose(): void }) {
  const t = useText();
  const text = `${codes.join('\n')}\n`;
  const copy = () =>
    copyText(text).then(
      () => toast(t('common.copied')),
      () => toast(t('common.copy-failed')),
    );
  return (
    <Dialog title={t('me.codes')} onClose={onClose}>
      <Note tone="warn">{t('me.codes-once')}</Note>
      <ol className="codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <footer>
        <Button icon="copy" onClick={() => void copy()}>
          {t('me.codes-copy')}
        </Button>
        <Button kind="primary" onClick={onClose}>
          {t('me.codes-kept')}
        </Button>
      </footer>
    </Dialog>
  );
}

function Remove(ends: Ends) {
  const t = useText();
  const [action, save] = useSave(ends);
  const [password, setPassword] = useState('');
  return (
    <FormDialog
      danger
      title={t('me.totp-remove-title')}
      action={action}
      submit={t('me.totp-remove')}
      onClose={ends.onClose}
      onSubmit={() => save(() => removeTotp(password), t('me.totp-removed'))}
    >
      <p>{t('me.totp-remove-body')}</p>
      <TextField
        type="password"
        label={t('me.current-password')}
        value={password}
        onValue={setPassword}
        autoComplete="current-password"
        autoFocus
        required
      />
    </FormDialog>
  );
}
