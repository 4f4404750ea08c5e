/**
 * The one table of errors. A code is stable for ever; its HTTP status, its sentence in both languages and what to do
 * next stand beside it. The HTTP API sends it as RFC 9457 problem JSON, the terminal and the command line print it,
 * docs/operate/errors.md is generated from it. `{name}` is filled from the problem's params.
 */
import type { ProblemKind } from './problem-kind.js';
import { ACCESS_PROBLEMS } from './problems-of-access.js';
import { EVIDENCE_PROBLEMS } from './problems-of-evidence.js';
import { KEEPING_PROBLEMS } from './problems-of-keeping.js';
import { REQUEST_PROBLEMS } from './problems-of-requests.js';
import { SESSION_PROBLEMS } from './problems-of-sessions.js';
import { SIGN_IN_PROBLEMS } from './problems-of-sign-in.js';

export const PROBLEMS = {
  ...REQUEST_PROBLEMS,
  ...SIGN_IN_PROBLEMS,
  ...ACCESS_PROBLEMS,
  ...SESSION_PROBLEMS,
  ...KEEPING_PROBLEMS,
  ...EVIDENCE_PROBLEMS,
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEMS;
export const isProblemCode = (value: string): value is ProblemCode => Object.hasOwn(PROBLEMS, value);
export type ProblemParams = Readonly<Record<string, string>>;
export type Language = 'zh-CN' | 'en';

/** A refusal or failure as a value. Expected outcomes are returned, not thrown. */
export interface Problem {
  readonly code: ProblemCode;
  readonly params: ProblemParams;
}
export const problem = (code: ProblemCode, params: ProblemParams = {}): Problem => ({ code, params });

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };
export const ok = <T>(value: T): Result<T> => ({ ok: true, value });
export const fail = (code: ProblemCode, params: ProblemParams = {}): { ok: false; problem: Problem } => ({
  ok: false,
  problem: problem(code, params),
});

/** The sentence and the next step, in one language, params filled in. */
export function describeProblem({ code, params }: Problem, language: Language): ProblemKind['en'] {
  const text = PROBLEMS[code][language === 'en' ? 'en' : 'zh'];
  const fill = (sentence: string): string => sentence.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? '?');
  return { title: fill(text.title), next: fill(text.next) };
}
