import { useState } from 'react';
import type { Answer, ApiProblem } from '../api/client.js';

/** One thing asked of the server at a time: whether it runs, and its refusal. */
export interface Action {
  readonly busy: boolean;
  readonly problem: ApiProblem | undefined;
  /** Gives the answer's value, or undefined when it was refused (the refusal is in `problem`). */
  run<T>(work: () => Promise<Answer<T>>): Promise<{ readonly value: T } | undefined>;
  clear(): void;
}

export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  return {
    busy,
    problem,
    clear: () => setProblem(undefined),
    async run(work) {
      if (busy) return undefined;
      setBusy(true);
      setProblem(undefined);
      const answer = await work();
      setBusy(false);
      if (answer.ok) return { value: answer.value };
      setProblem(answer.problem);
      return undefined;
    },
  };
}
