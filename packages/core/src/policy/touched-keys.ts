/**
 * Coordinates. What runs on a decision is filed under everything it was decided by: its user, roles, resource, groups, type
 * and operation, and everything. A change names the coordinates it touches, and whoever is filed there is decided again.
 *
 * INVARIANT: when a change alters what is to be said of something live, the two lists meet. A fact applies only to what it
 * names on each of its sides, so the narrower side is enough. Naming too much is only work.
 */
import type { Book, Change, Items, Noun } from './book.js';
import { type Check, isBuiltInName } from './check.js';
import type { Request } from './request.js';
import { noObjects, noSubjects } from './scope.js';

export const EVERYTHING = '*';
const user = (id: string): string => `user:${id}`;
const role = (name: string): string => `role:${name}`;
const resource = (key: string): string => `resource:${key}`;
const group = (id: string): string => `group:${id}`;
const type = (name: string): string => `type:${name}`;
const operation = (name: string): string => `operation:${name}`;

/** Under what something live is filed, by the book it was decided on. */
export function filedUnder(book: Book, request: Request): readonly string[] {
  const subject = book.tables.subject.get(request.user);
  const target = book.tables.resource.get(request.resource);
  return [
    EVERYTHING,
    user(request.user),
    ...(subject?.roles ?? []).map(role),
    resource(request.resource),
    ...(target === undefined ? [] : [type(target.type), ...target.groups.map(group)]),
    operation(request.operation),
  ];
}

/** Keys of the item as it was and as it is. */
export function touchedKeys(change: Change): readonly string[] {
  // Zone, numbers of logins and quotas: only asked when something begins.
  if (change.noun === 'settings') return [];
  const before = change.before === undefined ? [] : keysOf(change.noun, change.before);
  const after = change.after === undefined ? [] : keysOf(change.noun, change.after);
  return [...new Set([...before, ...after])];
}

function keysOf<N extends Noun>(noun: N, item: Items[N]): readonly string[] {
  return KEYS[noun](item);
}

const KEYS: { readonly [N in Noun]: (item: Items[N]) => readonly string[] } = {
  subject: ({ id }) => [user(id)],
  role: () => [], // says how many logins, nothing else
  type: ({ name }) => [type(name)],
  group: ({ id }) => [group(id)],
  resource: ({ key }) => [resource(key)],
  grant: ({ to, on, active }) => {
    if (!active) return [];
    if (to !== 'anyone' && 'user' in to) return [user(to.user)];
    if ('resource' in on) return [resource(on.resource)];
    if (to !== 'anyone') return [role(to.role)];
    return ['group' in on ? group(on.group) : type(on.type)];
  },
  block: ({ on, lifted }) => {
    if (lifted !== undefined) return [];
    if ('user' in on) return [user(on.user)];
    if ('role' in on) return [role(on.role)];
    return ['group' in on ? group(on.group) : resource(on.resource)];
  },
  exemption: ({ of }) => ['user' in of ? user(of.user) : role(of.role)],
  quota: () => [],
  check: keysOfCheck,
};

function keysOfCheck({ name, scope, shadow, live }: Check): readonly string[] {
  if (isBuiltInName(name)) return [EVERYTHING];
  if (shadow || live.do === 'new-only') return [];
  if (!noSubjects(scope)) return [...(scope.users ?? []).map(user), ...(scope.roles ?? []).map(role)];
  if (!noObjects(scope)) {
    const { resources = [], groups = [], types = [] } = scope;
    return [...resources.map(resource), ...groups.map(group), ...types.map(type)];
  }
  return scope.operations?.map(operation) ?? [EVERYTHING];
}
