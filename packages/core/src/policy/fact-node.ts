/** What hangs on one subject or one resource. Lists are replaced, never changed: a decision may be reading the old one. */
import type { Block } from './block.js';
import type { Exemption } from './exemption.js';
import type { Grant } from './grant.js';
import type { Key } from './key.js';
import type { Kin, Plan, Shape, Step } from './plan.js';
import type { Meter, Quota } from './quota.js';
import type { Resource } from './resource.js';
import type { Subject } from './subject.js';

export const NONE: readonly never[] = Object.freeze([]);

export interface SubjectNode {
  subject: Subject | undefined;
  kin: Kin | undefined;
  /** Of the plans that `kin` and `last` belong to. */
  epoch: number;
  last: { readonly shape: Shape; readonly operation: string; readonly plan: Plan } | undefined;
  meters: { readonly operation: string; readonly meters: readonly Meter[] } | undefined;
  blocks: readonly Block[];
  exemptions: readonly Exemption[];
  quotas: readonly Quota[];
  steps: readonly Step[];
  /** On a resource of its own: explicit. */
  explicit: Map<Key, readonly Grant[]> | undefined;
  /** On a group or type. */
  grants: readonly Grant[];
}

export interface ResourceNode {
  resource: Resource | undefined;
  shape: Shape | undefined;
  epoch: number;
  blocks: readonly Block[];
  steps: readonly Step[];
  /** To a role or to anyone. */
  grants: readonly Grant[];
}

export const newSubjectNode = (): SubjectNode => ({
  subject: undefined,
  kin: undefined,
  epoch: -1,
  last: undefined,
  meters: undefined,
  blocks: NONE,
  exemptions: NONE,
  quotas: NONE,
  steps: NONE,
  explicit: undefined,
  grants: NONE,
});
export const newResourceNode = (): ResourceNode => ({
  resource: undefined,
  shape: undefined,
  epoch: -1,
  blocks: NONE,
  steps: NONE,
  grants: NONE,
});

export const withItem = <T>(list: readonly T[], item: T, add: boolean): readonly T[] =>
  add ? [...list, item] : list.filter((one) => one !== item);
