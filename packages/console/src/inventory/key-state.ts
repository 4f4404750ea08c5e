import type { HostAnswer, HostKeyAnswer } from '@sallyport/core/wire/api-answers.js';

export type KeyState = 'none' | 'approved' | 'waiting' | 'changed' | 'rejected';

/** What a host's keys say together. A key seen after another was approved means it changed, or somebody is in between. */
export function keyState({ hostKeys }: Pick<HostAnswer, 'hostKeys'>): KeyState {
  const has = (state: HostKeyAnswer['state']) => hostKeys.some((key) => key.state === state);
  if (has('pending')) return has('approved') ? 'changed' : 'waiting';
  if (has('approved')) return 'approved';
  return hostKeys.length > 0 ? 'rejected' : 'none';
}
