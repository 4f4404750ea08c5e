/**
 * Check: a named rule that can refuse an operation or ask for more, and never allow. What it does is data (a window, source
 * addresses, a cap, a condition: a *rule*), built in, or custom code that is asked through `See`. Checks stand in one
 * documented order: cost class, demand order, demand name; `checks list` prints it.
 */
import type { Effect } from './effect.js';
import type { Debt, Obligation } from './obligation.js';
import type { Scope } from './scope.js';
import type { TimeWindow } from './time-window.js';

export const COSTS = ['lookup', 'compute', 'counter', 'remote'] as const;
export type Cost = (typeof COSTS)[number];

export interface Check {
  readonly name: string;
  readonly half: 'user' | 'resource';
  readonly cost: Cost;
  readonly order: number;
  readonly scope: Scope;
  readonly does: CheckBody;
  readonly limitMs: number;
  /** What a throw, a time-out or a malformed answer means. */
  readonly failure: 'closed' | 'open';
  /** Runs and is traced, and changes nothing. */
  readonly shadow: boolean;
  readonly exemptable: boolean;
  readonly live: Effect;
  /** Of custom code: the hash of its module. */
  readonly version: string;
  /** Said aloud by who takes a built-in's name and place (W24). */
  readonly replaces?: 'built-in';
}

export type CheckBody =
  | { readonly kind: 'built-in' }
  | { readonly kind: 'custom' }
  /** Applies outside the window. */
  | { readonly kind: 'window'; readonly window: TimeWindow; readonly demand: Demand }
  /** Applies to other addresses than these, and to an unknown one. */
  | { readonly kind: 'source'; readonly addresses: readonly string[]; readonly demand: Demand }
  /** Applies when that many are live already. */
  | {
      readonly kind: 'cap';
      readonly of: 'user' | 'resource' | 'everything';
      readonly atMost: number;
      readonly demand: Demand;
    }
  /** Applies when the condition holds; without one, always. */
  | { readonly kind: 'when'; readonly when?: string; readonly demand: Demand };

export type Demand = { readonly kind: 'deny' } | Debt | Extract<Obligation, { kind: 'notice' | 'record' }>;

export type BuiltInName = 'user-block' | 'login-frequency' | 'operation-frequency' | 'resource-block';
export const BUILT_IN_NAMES: readonly BuiltInName[] = [
  'user-block',
  'login-frequency',
  'operation-frequency',
  'resource-block',
];
export const isBuiltInName = (name: string): name is BuiltInName => BUILT_IN_NAMES.some((builtIn) => builtIn === name);

const builtIn = (name: BuiltInName, half: 'user' | 'resource', cost: Cost, exemptable: boolean): Check => ({
  name,
  half,
  cost,
  order: 0,
  scope: {},
  does: { kind: 'built-in' },
  limitMs: 1_000,
  failure: 'closed',
  shadow: false,
  exemptable,
  // A frequency is about what begins; a block ends what runs (S44, X44).
  live: exemptable ? { do: 'new-only' } : { do: 'close' },
  version: 'built-in',
});

/** What a fresh system has (S49, S54). */
export const BUILT_INS: Readonly<Record<BuiltInName, Check>> = {
  'user-block': builtIn('user-block', 'user', 'lookup', false),
  'login-frequency': builtIn('login-frequency', 'user', 'counter', true),
  'operation-frequency': builtIn('operation-frequency', 'user', 'counter', true),
  'resource-block': builtIn('resource-block', 'resource', 'lookup', false),
};

/** Under which a check is kept, exempted and replaced: the two halves have names of their own (S42). */
export const checkKey = (check: Pick<Check, 'half' | 'name'>): string => `${check.half}:${check.name}`;

/**
 * Who answers under a built-in's name: a replacement that says so, else the built-in. A replacement keeps place and scope. A
 * shadow cannot stand in for what it would switch off.
 */
export function installed(name: BuiltInName, found: Check | undefined): Check {
  const original = BUILT_INS[name];
  if (found?.replaces !== 'built-in' || found.does.kind !== 'custom' || found.shadow) return original;
  return { ...found, cost: original.cost, order: original.order, scope: original.scope, live: original.live };
}

/** The documented order, within one half. */
export function compareChecks(a: Check, b: Check): number {
  const cost = COSTS.indexOf(a.cost) - COSTS.indexOf(b.cost);
  if (cost !== 0) return cost;
  if (a.order !== b.order) return a.order - b.order;
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
