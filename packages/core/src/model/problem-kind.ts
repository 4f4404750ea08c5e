/** One line of the table of errors (problem.ts): HTTP status, sentence and next step in both languages. */
export interface ProblemText {
  readonly title: string;
  readonly next: string;
}
export interface ProblemKind {
  readonly status: number;
  readonly en: ProblemText;
  readonly zh: ProblemText;
}
export const p = (status: number, en: string, enNext: string, zh: string, zhNext: string): ProblemKind => ({
  status,
  en: { title: en, next: enNext },
  zh: { title: zh, next: zhNext },
});
