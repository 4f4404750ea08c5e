import type { ReactNode } from 'react';
import { useText } from '../i18n/provider.js';
import { Button } from '../ui/button.js';
import type { TargetName } from './host-names.js';
import { Failed, OpeningGates } from './opening-gates.js';
import type { ShellState } from './shell-state.js';
import { failureWords } from './shell-words.js';

const kbd = (children: ReactNode) => <kbd>{children}</kbd>;

/** Under the kept output: the way on. */
export function EndDock(props: { state: ShellState; name: TargetName; onOpen(): void }) {
  const { state, name, onOpen } = props;
  const t = useText();
  if (state.at === 'opening') {
    return (
      <div className="dock">
        <OpeningGates state={state} name={name} onRetry={onOpen} />
      </div>
    );
  }
  if (state.at === 'failed') {
    return (
      <div className="dock">
        <Failed state={state} onRetry={onOpen} />
      </div>
    );
  }
  const next = state.at === 'lost' ? failureWords(state.failure, t).next : '';
  return (
    <div className="dock row row-w">
      <Button kind="primary" size="s" onClick={onOpen}>
        {state.at === 'lost' ? t('terminal.reconnect') : t('terminal.reopen')}
      </Button>
      <span className="meta t2 hide-s">{t.rich('terminal.enter-opens', { k: kbd })}</span>
      <span className="meta t2 push">{state.at === 'lost' ? next || t('terminal.host-goes-on') : ''}</span>
    </div>
  );
}
