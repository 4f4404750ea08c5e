/**
 * FactIndex: a book arranged for deciding. What names one subject or one resource hangs on its node, and a node exists as
 * soon as something names it, declared or not. The rest stands in buckets from which plans are made on first use.
 *
 * A change of what hangs touches one node. A change of what stands in plans drops them all and they come again; so do roles,
 * groups and types. Never is the whole built again for one change.
 */
import type { Block } from './block.js';
import type { Book, Change, Items, Noun, Tables } from './book.js';
import { NOUNS } from './book.js';
import { BUILT_IN_NAMES, BUILT_INS, type BuiltInName, checkKey, installed, isBuiltInName } from './check.js';
import type { Exemption } from './exemption.js';
import { NONE, newResourceNode, newSubjectNode, type ResourceNode, type SubjectNode, withItem } from './fact-node.js';
import type { Grant } from './grant.js';
import type { Key } from './key.js';
import {
  type Buckets,
  bucketsOfCheck,
  bucketsOfGrant,
  gather,
  inBucket,
  type Kin,
  makePlan,
  type Plan,
  type Shape,
  type Step,
  stepOf,
} from './plan.js';
import { type Meter, meterOf, type Quota } from './quota.js';
import type { Resource } from './resource.js';
import type { Subject } from './subject.js';

export interface FactIndex {
  readonly book: () => Book;
  readonly subject: (id: string) => SubjectNode | undefined;
  readonly resource: (key: Key) => ResourceNode | undefined;
  readonly builtIn: (name: BuiltInName) => Step;
  readonly kinOf: (node: SubjectNode, subject: Subject) => Kin;
  readonly shapeOf: (node: ResourceNode, resource: Resource) => Shape;
  readonly planFor: (node: SubjectNode, kin: Kin, shape: Shape, operation: string) => Plan;
  readonly metersFor: (node: SubjectNode, kin: Kin, operation: string) => readonly Meter[];
  readonly apply: (change: Change) => void;
  readonly plans: () => number;
}

/** Many roles times many groups times operations would eat the memory; then all begin afresh. */
const MOST_PLANS = 50_000;

type OwnTables = { [N in Noun]: Map<string, Items[N]> };

export function createFactIndex(source: Book, mostPlans = MOST_PLANS): FactIndex {
  const tables = Object.fromEntries(NOUNS.map((noun) => [noun, new Map()])) as unknown as OwnTables;
  let book: Book = { ...source, tables };
  const subjects = new Map<string, SubjectNode>();
  const resources = new Map<Key, ResourceNode>();
  const wideGrants: Buckets<Grant> = new Map();
  const wideSteps: Buckets<Step> = new Map();
  const steps = new Map<string, Step>();
  const byRole = { blocks: lists<Block>(), exemptions: lists<Exemption>(), quotas: lists<Quota>() };
  const groupBlocks = lists<Block>();
  let everyone: readonly Quota[] = NONE;
  const kins = new Map<string, Kin>();
  const shapes = new Map<string, Shape>();
  const builtIns = new Map<BuiltInName, Step>();
  let epoch = 0;
  let plans = 0;

  const dropPlans = (): void => {
    kins.clear();
    shapes.clear();
    plans = 0;
    epoch++;
  };
  const subjectNode = (id: string): SubjectNode => {
    const node = subjects.get(id) ?? newSubjectNode();
    subjects.set(id, node);
    node.meters = undefined;
    return node;
  };
  const resourceNode = (key: Key): ResourceNode => {
    const node = resources.get(key) ?? newResourceNode();
    resources.set(key, node);
    return node;
  };
  const refreshBuiltIns = (): void => {
    for (const name of BUILT_IN_NAMES) {
      builtIns.set(name, stepOf(installed(name, tables.check.get(checkKey(BUILT_INS[name])))));
    }
  };

  const place: { [N in Noun]: (item: Items[N], add: boolean) => void } = {
    subject: (item, add) => {
      const node = subjectNode(item.id);
      node.subject = add ? item : undefined;
      node.kin = undefined;
      node.last = undefined;
    },
    resource: (item, add) => {
      const node = resourceNode(item.key);
      node.resource = add ? item : undefined;
      node.shape = undefined;
    },
    role: () => undefined, // read from the table when a login is counted
    type: dropPlans,
    group: dropPlans,
    grant: (item, add) => {
      if (!item.active) return;
      const { to, on } = item;
      if (to !== 'anyone' && 'user' in to) {
        const node = subjectNode(to.user);
        if (!('resource' in on)) node.grants = withItem(node.grants, item, add);
        else {
          node.explicit ??= new Map();
          node.explicit.set(on.resource, withItem(node.explicit.get(on.resource) ?? NONE, item, add));
        }
      } else if ('resource' in on) {
        const node = resourceNode(on.resource);
        node.grants = withItem(node.grants, item, add);
      } else {
        for (const bucket of bucketsOfGrant(item)) inBucket(wideGrants, bucket, item, add);
        dropPlans();
      }
    },
    block: (item, add) => {
      if (item.lifted !== undefined) return;
      const { on } = item;
      if ('user' in on) {
        const node = subjectNode(on.user);
        node.blocks = withItem(node.blocks, item, add);
      } else if ('resource' in on) {
        const node = resourceNode(on.resource);
        node.blocks = withItem(node.blocks, item, add);
      } else if ('role' in on) {
        byRole.blocks.change(on.role, item, add);
        for (const kin of kins.values()) if (kin.roles.includes(on.role)) kin.blocks = byRole.blocks.of(kin.roles);
      } else {
        groupBlocks.change(on.group, item, add);
        for (const shape of shapes.values()) {
          if (shape.groups.includes(on.group)) shape.blocks = groupBlocks.of(shape.groups);
        }
      }
    },
    exemption: (item, add) => {
      if ('user' in item.of) {
        const node = subjectNode(item.of.user);
        node.exemptions = withItem(node.exemptions, item, add);
      } else {
        byRole.exemptions.change(item.of.role, item, add);
        for (const kin of kins.values()) kin.exemptions = byRole.exemptions.of(kin.roles);
      }
    },
    quota: (item, add) => {
      if (item.of === 'everyone') everyone = withItem(everyone, item, add);
      else if ('role' in item.of) byRole.quotas.change(item.of.role, item, add);
      else {
        const node = subjectNode(item.of.user);
        node.quotas = withItem(node.quotas, item, add);
      }
      dropPlans();
    },
    check: (item, add) => {
      refreshBuiltIns();
      dropPlans();
      // A shadow that is remote is asked after the answer, by who gives it.
      if (isBuiltInName(item.name) || (item.shadow && item.cost === 'remote')) return;
      const step = steps.get(checkKey(item)) ?? stepOf(item);
      if (add) steps.set(step.key, step);
      else steps.delete(step.key);
      for (const bucket of bucketsOfCheck(item)) inBucket(wideSteps, bucket, step, add);
      for (const user of new Set(item.scope.users)) {
        const node = subjectNode(user);
        node.steps = withItem(node.steps, step, add);
      }
      for (const key of new Set(item.scope.resources)) {
        const node = resourceNode(key);
        node.steps = withItem(node.steps, step, add);
      }
    },
  };

  const put = <N extends Noun>(
    noun: N,
    key: string,
    before: Items[N] | undefined,
    after: Items[N] | undefined,
  ): void => {
    if (after === undefined) tables[noun].delete(key);
    else tables[noun].set(key, after);
    if (before !== undefined) place[noun](before, false);
    if (after !== undefined) place[noun](after, true);
  };
  const load = <N extends Noun>(noun: N, from: Tables[N]): void => {
    for (const [key, item] of from as ReadonlyMap<string, Items[N]>) put(noun, key, undefined, item);
  };
  for (const noun of NOUNS) load(noun, source.tables[noun]);
  refreshBuiltIns();

  return {
    book: () => book,
    subject: (id) => subjects.get(id),
    resource: (key) => resources.get(key),
    builtIn: (name) => builtIns.get(name)!,
    plans: () => plans,
    apply(change) {
      if (change.version !== book.version + 1) throw new Error(`change ${change.version} on book ${book.version}`);
      if (change.noun === 'settings') {
        book = { ...book, version: change.version, settings: change.after };
        dropPlans();
        return;
      }
      const { noun, key } = change;
      put(noun, key, tables[noun].get(key), change.after);
      book = { ...book, version: change.version };
    },
    kinOf(node, subject) {
      if (node.epoch === epoch && node.kin !== undefined) return node.kin;
      const roles = [...new Set(subject.roles)].sort();
      const name = JSON.stringify(roles);
      const kin = kins.get(name) ?? {
        roles,
        blocks: byRole.blocks.of(roles),
        exemptions: byRole.exemptions.of(roles),
        quotas: byRole.quotas.of(roles),
        plans: new Map(),
      };
      kins.set(name, kin);
      Object.assign(node, { kin, epoch, last: undefined, meters: undefined });
      return kin;
    },
    shapeOf(node, resource) {
      if (node.epoch === epoch && node.shape !== undefined) return node.shape;
      const groups = [...new Set(resource.groups)].sort();
      const name = JSON.stringify([resource.type, ...groups]);
      const shape = shapes.get(name) ?? { type: resource.type, groups, blocks: groupBlocks.of(groups) };
      shapes.set(name, shape);
      Object.assign(node, { shape, epoch });
      return shape;
    },
    planFor(node, kin, shape, operation) {
      const { last } = node;
      if (last !== undefined && last.shape === shape && last.operation === operation) return last.plan;
      let byOperation = kin.plans.get(shape);
      if (byOperation === undefined) {
        byOperation = new Map();
        kin.plans.set(shape, byOperation);
      }
      let plan = byOperation.get(operation);
      if (plan === undefined) {
        const facts = {
          declared: tables.type.get(shape.type)?.operations.includes(operation) ?? false,
          groupAllows: shape.groups.some((group) => tables.group.get(group)?.default === 'allow'),
          frequency: builtIns.get('operation-frequency')!,
          resourceBlock: builtIns.get('resource-block')!,
          grants: gather(wideGrants, kin, shape),
          steps: gather(wideSteps, kin, shape),
        };
        plan = makePlan(facts, kin, shape, operation);
        if (++plans > mostPlans) dropPlans();
        else byOperation.set(operation, plan);
      }
      node.last = { shape, operation, plan };
      return plan;
    },
    metersFor(node, kin, operation) {
      if (node.meters?.operation === operation) return node.meters.meters;
      const general = (quotas: readonly Quota[]): readonly Quota[] =>
        quotas.filter((one) => one.operations === undefined);
      const levels = [node.quotas, kin.quotas, everyone].map(general);
      const chosen = levels.find((level) => level.length > 0) ?? [book.settings.quota];
      const special = [...node.quotas, ...kin.quotas, ...everyone].filter((one) => one.operations?.includes(operation));
      const ordered = [...sortById(chosen), ...sortById(special)];
      const meters = ordered.map((quota) => meterOf(quota, node.subject?.id ?? ''));
      node.meters = { operation, meters };
      return meters;
    },
  };
}

const sortById = (quotas: readonly Quota[]): readonly Quota[] => [...quotas].sort((a, b) => (a.id < b.id ? -1 : 1));

/** Lists by a name of which a node may have several. */
function lists<T>(): {
  change(name: string, item: T, add: boolean): void;
  of(names: readonly string[]): readonly T[];
} {
  const all = new Map<string, readonly T[]>();
  return {
    change: (name, item, add) => void all.set(name, withItem(all.get(name) ?? NONE, item, add)),
    of: (names) => names.flatMap((name) => all.get(name) ?? NONE),
  };
}
