/**
 * The dialogs that ask for what is done to a running session: one place for wall, table, watch page and the list of
 * sessions.
 */
import type { MeAnswer, SessionAnswer } from '@sallyport/core/wire/api-answers.js';
import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { unfreezeSession } from '../api/controls.js';
import { useText } from '../i18n/provider.js';
import { Dialog } from '../ui/dialog.js';
import { ProblemNote } from '../ui/problem.js';
import { toast } from '../ui/toast.js';
import { useAction } from '../ui/use-action.js';
import { EndDialog } from './end-dialog.js';
import type { Act } from './may-do.js';
import { FreezeDialog, MessageDialog } from './said-dialogs.js';

export interface Controls {
  /** Opens what asks; letting keys go is done at once. */
  act(act: Exclude<Act, 'watch'>, session: SessionAnswer): void;
  readonly dialogs: ReactNode;
}

export function useControls(me: MeAnswer): Controls {
  const t = useText();
  const queries = useQueryClient();
  const unfreezing = useAction();
  const [asked, setAsked] = useState<{ readonly act: Exclude<Act, 'watch'>; readonly session: SessionAnswer }>();
  const again = () => {
    for (const key of ['sessions', 'session']) void queries.invalidateQueries({ queryKey: [key] });
  };
  const close = () => setAsked(undefined);
  const unfreeze = async (session: SessionAnswer) => {
    if ((await unfreezing.run(() => unfreezeSession(session.id))) === undefined)
      return setAsked({ act: 'unfreeze', session });
    toast(t('control.unfrozen', { user: session.userName, host: session.hostName }));
    close();
    again();
  };
  const dialog = (): ReactNode => {
    if (asked === undefined) return null;
    const { act, session } = asked;
    const ends = { session, onSaved: again, onClose: close };
    switch (act) {
      case 'freeze':
        return <FreezeDialog {...ends} />;
      case 'message':
        return <MessageDialog {...ends} />;
      case 'end':
      case 'block':
        return <EndDialog {...ends} me={me} block={act === 'block'} />;
      case 'unfreeze':
        return (
          <Dialog
            beside
            title={t('control.unfreeze-title', { user: session.userName, host: session.hostName })}
            onClose={close}
          >
            {unfreezing.problem && <ProblemNote problem={unfreezing.problem} retry={() => void unfreeze(session)} />}
          </Dialog>
        );
    }
  };
  return {
    act: (act, session) => (act === 'unfreeze' ? void unfreeze(session) : setAsked({ act, session })),
    dialogs: dialog(),
  };
}
