/**
 * What may be done to a running session, and the dialogs that ask for it: one place for wall, table, watch page and the
 * list of sessions. Which acts there are follows the session's state and one's rights.
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
import { FreezeDialog, MessageDialog } from './said-dialogs.js';

export type Act = 'watch' | 'freeze' | 'unfreeze' | 'message' | 'end' | 'block';
export type Acted = Pick<SessionAnswer, 'userId' | 'state'> & { readonly frozen?: SessionAnswer['frozen'] };

export function mayDo(act: Act, session: Acted, me: MeAnswer): boolean {
  const own = session.userId === me.user.id;
  const live = session.state === 'live';
  switch (act) {
    case 'watch':
      return (live || session.state === 'opening') && me.may.includes('watch');
    case 'freeze':
      return live && session.frozen === undefined && me.may.includes('freeze');
    case 'unfreeze':
      return live && session.frozen !== undefined && me.may.includes('freeze');
    case 'message':
      return live && me.may.includes('message');
    case 'end':
      return (live || session.state === 'opening') && (own || me.may.includes('end'));
    case 'block':
      return live && !own && me.may.includes('end') && me.may.includes('block.write');
  }
}

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
