import { useState } from 'react';
import type { Answer } from '../api/client.js';
import { useText } from '../i18n/provider.js';
import { TextField } from '../ui/field.js';
import { type Ends, FormDialog, useSave } from '../ui/form-dialog.js';

const REASON_LEAST = 3;

/** Asks why before something about evidence is done; the reason stands in the audit log. */
export function ReasonDialog(
  props: Ends & {
    title: string;
    body: string;
    submit: string;
    done: string;
    danger?: boolean;
    work(reason: string): Promise<Answer<unknown>>;
  },
) {
  const { title, body, submit, done, danger = false, work, onSaved, onClose } = props;
  const t = useText();
  const [reason, setReason] = useState('');
  const [action, save] = useSave({ onSaved, onClose });
  return (
    <FormDialog
      title={title}
      action={action}
      submit={submit}
      danger={danger}
      onSubmit={() => save(() => work(reason.trim()), done)}
      onClose={onClose}
    >
      <p>{body}</p>
      <TextField
        label={t('keep.reason')}
        help={t('keep.reason-help')}
        value={reason}
        onValue={setReason}
        minLength={REASON_LEAST}
        maxLength={500}
        autoComplete="off"
        required
        // Enter in the text never deletes a recording: only the button does.
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
    </FormDialog>
  );
}
