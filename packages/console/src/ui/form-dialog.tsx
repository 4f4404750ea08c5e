import type { FormEvent, ReactNode } from 'react';
import type { Answer } from '../api/client.js';
import { useText } from '../i18n/provider.js';
import { Button } from './button.js';
import { Confirm, Dialog } from './dialog.js';
import { ProblemNote } from './problem.js';
import { toast } from './toast.js';
import { type Action, useAction } from './use-action.js';

/** What a dialog that changes something tells its opener. */
export interface Ends {
  /** The change is made: read again what it touched. */
  onSaved(): void;
  onClose(): void;
}

/** Asks the server once; when it agrees, says `done`, tells the opener and closes. A refusal stays in the dialog. */
export function useSave({
  onSaved,
  onClose,
}: Ends): [Action, (work: () => Promise<Answer<unknown>>, done: string) => void] {
  const action = useAction();
  const save = async (work: () => Promise<Answer<unknown>>, done: string) => {
    if ((await action.run(work)) === undefined) return;
    toast(done);
    onSaved();
    onClose();
  };
  return [action, (work, done) => void save(work, done)];
}

/** The one frame of every dialog with fields: fields, refusal, Cancel, the one button that does it. */
export function FormDialog(props: {
  title: string;
  action: Action;
  submit: string;
  danger?: boolean;
  beside?: boolean;
  onSubmit(): void;
  onClose(): void;
  children: ReactNode;
}) {
  const t = useText();
  const { title, action, submit, danger = false, beside = false, onSubmit, onClose, children } = props;
  return (
    <Dialog title={title} beside={beside} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          onSubmit();
        }}
      >
        {children}
        {action.problem && <ProblemNote problem={action.problem} />}
        <footer>
          <Button kind="quiet" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button type="submit" kind={danger ? 'danger-primary' : 'primary'} busy={action.busy}>
            {submit}
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}

/** Asks before something that cannot be undone and does it; a refusal is told where the question was. */
export function SureDialog(props: {
  title: string;
  body: ReactNode;
  confirm: string;
  action: Action;
  onConfirm(): void;
  onClose(): void;
}) {
  const { action, ...rest } = props;
  return (
    <Confirm danger busy={action.busy} error={action.problem && <ProblemNote problem={action.problem} />} {...rest} />
  );
}
