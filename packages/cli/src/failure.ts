/** How a command ends early: what failed, what to do next, and the exit code. Caught once, in main.ts. */
import { describeProblem, PROBLEMS, type Problem } from '@sallyport/core/model/problem.js';
import type { ProblemAnswer } from '@sallyport/core/wire/api-answers.js';
import { EXIT, exitCodeFor } from './exit-code.js';
import { type OptionNames, optionName } from './option-names.js';

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
  if (answer.fields !== undefined && answer.fields.length > 0) {
    const said = answer.fields.map(({ path, message }) => `${optionName(path) || 'the request'} ${message}`);
    return new Failure(sentence(said.join('; ')), EXIT.usage, 'See --help for what it takes.', answer);
  }
  return new Failure(answer.title, exitCodeFor(answer.status, answer.code), answer.next, answer);
}

/** For problems of local commands, which no API has put into words. `own`: what this command calls a field. */
export function failureOfProblem(problem: Problem, own: OptionNames = {}): Failure {
  const { detail } = problem.params;
  if (problem.code === 'request.invalid' && detail !== undefined) {
    const said = detail.split('; ').map((part) => part.replace(/^\S+/, (path) => optionName(path, own)));
    return new Failure(sentence(said.join('; ')), EXIT.usage, 'See --help for what it takes.');
  }
  const { title, next } = describeProblem(problem, 'en');
  return new Failure(title, exitCodeFor(PROBLEMS[problem.code].status, problem.code), next);
}

/** An option keeps its small letter; words begin with a capital one. */
const sentence = (text: string): string => `${text.replace(/^[a-z]/, (letter) => letter.toUpperCase())}.`;
