import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { useText } from '../i18n/provider.js';
import { Icon } from '../ui/icon.js';
import { State } from '../ui/words.js';
import { keyState } from './key-state.js';

const DOT = { none: 'idle', waiting: 'warn', changed: 'bad', rejected: 'bad' } as const;

export function KeyStateMark({ host }: { host: HostAnswer }) {
  const t = useText();
  const state = keyState(host);
  if (state !== 'approved') return <State dot={DOT[state]}>{t(`inventory.key-${state}`)}</State>;
  return (
    <span className="st t2">
      <Icon name="check" size="s" />
      <span>{t('inventory.key-approved')}</span>
    </span>
  );
}
