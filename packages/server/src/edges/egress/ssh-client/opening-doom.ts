import { type Problem, problem, type Result } from '@sallyport/core/model/problem.js';

/**
 * What can end an opening from outside the step that runs: the person left, a limit passed, the connection broke. The
 * first of them wins; every step races against it, so none can hang.
 */
export interface Doom {
  fail(why: Problem): void;
  /** Fails after `ms` unless cancelled. */
  limit(ms: number, why: Problem): () => void;
  race<T>(step: Promise<Result<T>>): Promise<Result<T>>;
  /** Calls once if it comes to that. */
  onDoom(call: () => void): void;
  /** The opening is over: lets go of timers and of the signal. */
  settle(): void;
}

export function createDoom(signal: AbortSignal, address: string): Doom {
  let why: Problem | undefined;
  let settled = false;
  const timers = new Set<NodeJS.Timeout>();
  const calls: (() => void)[] = [];
  let tell: (result: Result<never>) => void;
  const doomed = new Promise<Result<never>>((resolve) => {
    tell = resolve;
  });

  const doom: Doom = {
    fail(reason) {
      if (why || settled) return;
      why = reason;
      tell({ ok: false, problem: reason });
      for (const call of calls) call();
    },
    limit(ms, reason) {
      const timer = setTimeout(() => doom.fail(reason), ms);
      timers.add(timer);
      return () => clearTimeout(timer);
    },
    race: (step) => Promise.race([doomed, step]),
    onDoom(call) {
      if (why) call();
      else calls.push(call);
    },
    settle() {
      settled = true;
      for (const timer of timers) clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    },
  };
  const onAbort = (): void => doom.fail(problem('target.lost', { address, detail: 'the opening was cancelled' }));
  if (signal.aborted) onAbort();
  else signal.addEventListener('abort', onAbort, { once: true });
  return doom;
}
