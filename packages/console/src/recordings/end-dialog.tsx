import type { SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { endSession } from '../api/sessions.js';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import { Dialog } from '../ui/dialog.js';
import { TextField } from '../ui/field.js';
import { ProblemNote } from '../ui/problem.js';
import { toast } from '../ui/toast.js';
import { useAction } from '../ui/use-action.js';

const REASONS = ['wrong-host', 'risky', 'maintenance'] as const;

/** Ends one session, with a reason its user sees. */
export function EndDialog({ session, onClose }: { session: SessionAnswer; onClose(): void }) {
  const t = useText();
  const queries = useQueryClient();
  const action = useAction();
  const [reason, setReason] = useState('');
  const end = async (event: FormEvent) => {
    event.preventDefault();
    if ((await action.run(() => endSession(session.id, reason.trim()))) === undefined) return;
    toast(t('recordings.ended-toast', { user: session.userName, host: session.hostName }));
    void queries.invalidateQueries({ queryKey: ['sessions'] });
    onClose();
  };
  return (
    <Dialog title={t('recordings.end-title', { user: session.userName, host: session.hostName })} onClose={onClose}>
      <form className="form" onSubmit={(event) => void end(event)}>
        <p>{t('recordings.end-body')}</p>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset would bring its own box */}
        <div className="picks" role="group" aria-label={t('recordings.reasons')}>
          {REASONS.map((key, index) => {
            const text = t(`recordings.reason-${key}`);
            return (
              <button
                key={key}
                type="button"
                data-first={index === 0 || undefined}
                className="pick"
                aria-pressed={reason === text}
                onClick={() => setReason(text)}
              >
                {text}
              </button>
            );
          })}
        </div>
        <TextField
          label={t('recordings.reason')}
          help={t('recordings.reason-seen', { user: session.userName })}
          value={reason}
          onValue={setReason}
          maxLength={500}
          autoComplete="off"
          required
          // Enter in the text never ends a session: only the button does.
          onKeyDown={(event) => {
            if (event.key === 'Enter') event.preventDefault();
          }}
        />
        {action.problem && <ProblemNote problem={action.problem} />}
        <footer>
          <Button kind="quiet" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" kind="danger-primary" busy={action.busy}>
            {t('recordings.end-now')}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
