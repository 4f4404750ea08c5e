import type { HostAnswer } from '@sallyport/core/wire/api-answers.js';
import { useText } from '../i18n/provider.js';
import { State } from '../ui/words.js';
import { keyState } from './key-state.js';

const DOT = { none: 'idle', approved: 'live', waiting: 'warn', changed: 'bad', rejected: 'bad' } as const;

export function KeyStateMark({ host }: { host: HostAnswer }) {
  const t = useText();
  const state = keyState(host);
  return <State dot={DOT[state]}>{t(`inventory.key-${state}`)}</State>;
}
