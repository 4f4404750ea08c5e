/** How a command ends early: what failed, what to do next, and the exit code. Caught once, in main.ts. */
import { describeProblem, PROBLEMS, type Problem } from '@sallyport/core/model/problem.js';
import type { ProblemAnswer } from '@sallyport/core/wire/api-answers.js';
import { EXIT, exitCodeFor } from './exit-code.js';

export class Failure extends Error {
  readonly exitCode: number;
  readonly next: string | undefined;
  /** As the API sent it; printed whole with --json. */
  readonly problem: ProblemAnswer | undefined;

  constructor(message: string, exitCode: number, next?: string, problem?: ProblemAnswer) {
    super(message);
    this.exitCode = exitCode;
    this.next = next;
    this.problem = problem;
  }
}

export const usage = (message: string, next?: string): Failure => new Failure(message, EXIT.usage, next);

export function failureOf(answer: ProblemAnswer): Failure {
  return new Failure(answer.title, exitCodeFor(answer.status, answer.code), answer.next, answer);
}

/** For problems of local commands, which no API has put into words. */
export function failureOfProblem(problem: Problem): Failure {
  const { title, next } = describeProblem(problem, 'en');
  return new Failure(title, exitCodeFor(PROBLEMS[problem.code].status, problem.code), next);
}
