/** What is said to the user of a running session: why the keys are held, or a message. */
import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { MAX_WORDS } from '@sallyport/core/wire/read-notice.js';
import { useState } from 'react';
import { freezeSession, messageOperator } from '../api/controls.js';
import { useText } from '../i18n/provider.js';
import { TextArea, TextField } from '../ui/field.js';
import { type Ends, FormDialog, useSave } from '../ui/form-dialog.js';

type Props = Ends & { readonly session: SessionAnswer };

export function FreezeDialog({ session, onSaved, onClose }: Props) {
  const t = useText();
  const [action, save] = useSave({ onSaved, onClose });
  const [reason, setReason] = useState('');
  const who = { user: session.userName, host: session.hostName };
  return (
    <FormDialog
      title={t('control.freeze-title', who)}
      action={action}
      submit={t('control.freeze')}
      beside
      onSubmit={() => save(() => freezeSession(session.id, reason.trim()), t('control.frozen', who))}
      onClose={onClose}
    >
      <p>{t('control.freeze-body', who)}</p>
      <TextField
        label={t('control.reason')}
        aside={t('control.seen-by', who)}
        value={reason}
        onValue={setReason}
        maxLength={MAX_WORDS}
        pattern=".*\S.*"
        autoComplete="off"
        required
      />
    </FormDialog>
  );
}

export function MessageDialog({ session, onSaved, onClose }: Props) {
  const t = useText();
  const [action, save] = useSave({ onSaved, onClose });
  const [text, setText] = useState('');
  const who = { user: session.userName, host: session.hostName };
  return (
    <FormDialog
      title={t('control.message-title', who)}
      action={action}
      submit={t('control.send')}
      beside
      onSubmit={() => {
        if (text.trim() !== '') save(() => messageOperator(session.id, text.trim()), t('control.sent', who));
      }}
      onClose={onClose}
    >
      <TextArea
        label={t('control.message')}
        help={t('control.message-help', who)}
        value={text}
        onValue={setText}
        rows={4}
        maxLength={MAX_WORDS}
        required
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit();
        }}
      />
    </FormDialog>
  );
}
