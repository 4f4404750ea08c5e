import type { StepName } from '@sallyport/core/wire/terminal-frames.js';
import type { ConnectRequest } from '../../../gateway/ports/target-connector.js';

/** Tells the steps of an opening in order, each with how long it took. */
export function createSteps(onStep: ConnectRequest['onStep']) {
  let current: StepName | undefined;
  let since = 0;
  const finish = (state: 'ok' | 'failed', detail?: string): void => {
    if (!current) return;
    onStep(current, state, Math.round(performance.now() - since), detail);
    current = undefined;
  };
  return {
    /** Ends the running step as passed and begins the next. `detail` belongs to the one that passed. */
    next(step: StepName, detail?: string): void {
      finish('ok', detail);
      current = step;
      since = performance.now();
      onStep(step, 'now');
    },
    done: (): void => finish('ok'),
    failed: (): void => finish('failed'),
  };
}
