/** Resources, their types and their groups. What is not declared is refused (S84). */
import type { Effect } from './effect.js';
import type { Key } from './key.js';
import type { Properties } from './properties.js';

/** Whose word counts for the properties of a resource and of who asks for it: ours alone, ours first, or the caller's. */
export type Asserts = 'never' | 'fill' | 'override';

export interface ResourceType {
  readonly name: string;
  readonly operations: readonly string[];
  readonly asserts: Asserts;
  /** What happens to something that runs on a grant which is gone. */
  readonly onRevoke: Effect;
}

export type DefaultRight = 'allow' | 'deny';

export interface Resource {
  readonly key: Key;
  readonly type: string;
  readonly groups: readonly string[];
  readonly props: Properties;
  /** Decides either way when no grant hits (X36). */
  readonly default?: DefaultRight;
}

export interface ResourceGroup {
  readonly id: string;
  /** Counts only when it allows, and only when the resource has none of its own (X36). */
  readonly default?: DefaultRight;
}
