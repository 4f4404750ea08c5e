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

/** Ends one session; somebody else's with a reason its user sees. */
export function EndDialog({ session, own, onClose }: { session: SessionAnswer; own: boolean; onClose(): void }) {
  const t = useText();
  const queries = useQueryClient();
  const action = useAction();
  const [reason, setReason] = useState('');
  const end = async (event: FormEvent) => {
    event.preventDefault();
    if ((await action.run(() => endSession(session.id, own ? undefined : reason.trim()))) === undefined) return;
    toast(t('recordings.ended-toast', { user: session.userName, host: session.hostName }));
    void queries.invalidateQueries({ queryKey: ['sessions'] });
    onClose();
  };
  return (
    <Dialog title={t('recordings.end-title', { user: session.userName, host: session.hostName })} onClose={onClose}>
      <form className="form" onSubmit={(event) => void end(event)}>
        <p>{t('recordings.end-body')}</p>
        {!own && <Reason user={session.userName} reason={reason} onReason={setReason} />}
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

function Reason({ user, reason, onReason }: { user: string; reason: string; onReason(reason: string): void }) {
  const t = useText();
  return (
    <>
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
              onClick={() => onReason(text)}
            >
              {text}
            </button>
          );
        })}
      </div>
      <TextField
        label={t('recordings.reason')}
        help={t('recordings.reason-seen', { user: user })}
        value={reason}
        onValue={onReason}
        maxLength={500}
        autoComplete="off"
        required
        // Enter in the text never ends a session: only the button does.
        onKeyDown={(event) => {
          if (event.key === 'Enter') event.preventDefault();
        }}
      />
    </>
  );
}
