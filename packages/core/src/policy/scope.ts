/**
 * Scope: whom and what a check is about, `(users or roles) and operations and (resources or groups or types)`. An absent
 * side is everything; an empty list is nothing. A check out of scope is not run (W26).
 */
import type { Key } from './key.js';
import type { Resource } from './resource.js';
import type { Subject } from './subject.js';

export interface Scope {
  readonly users?: readonly string[];
  readonly roles?: readonly string[];
  readonly operations?: readonly string[];
  readonly resources?: readonly Key[];
  readonly groups?: readonly string[];
  readonly types?: readonly string[];
}

export function inScope(scope: Scope, subject: Subject, operation: string, resource: Resource): boolean {
  return (
    (noSubjects(scope) || names(scope.users, subject.id) || subject.roles.some((role) => names(scope.roles, role))) &&
    (scope.operations === undefined || scope.operations.includes(operation)) &&
    (noObjects(scope) ||
      names(scope.resources, resource.key) ||
      names(scope.types, resource.type) ||
      resource.groups.some((group) => names(scope.groups, group)))
  );
}

export const noSubjects = (scope: Scope): boolean => scope.users === undefined && scope.roles === undefined;
export const noObjects = (scope: Scope): boolean =>
  scope.resources === undefined && scope.groups === undefined && scope.types === undefined;
const names = (list: readonly string[] | undefined, name: string): boolean => list?.includes(name) ?? false;
