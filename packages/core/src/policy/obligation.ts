/** Obligation: what is owed before an operation may go on, or done beside it. Never a way to more access. */
export type Obligation =
  | { readonly kind: 'step-up'; readonly maxAgeMs: number }
  | { readonly kind: 'approval'; readonly by: string }
  | { readonly kind: 'notice'; readonly text: string }
  | { readonly kind: 'record' };

/** Owed by a person first; the others are carried out by us. */
export type Debt = Extract<Obligation, { kind: 'step-up' | 'approval' }>;
export const isDebt = (obligation: Obligation): obligation is Debt =>
  obligation.kind === 'step-up' || obligation.kind === 'approval';
