/**
 * Grant: the only thing that can allow. Explicit is a user on a resource; everything else is implicit, and there one
 * allow is enough (X34, X35). So a deny that must beat every role is a rule, not a grant.
 */
import type { Span } from './instant.js';
import type { Key } from './key.js';
import type { Resource } from './resource.js';
import type { Subject } from './subject.js';

export type GrantTarget = { readonly user: string } | { readonly role: string } | 'anyone';
export type GrantObject = { readonly resource: Key } | { readonly group: string } | { readonly type: string };

export interface Grant extends Span {
  readonly id: string;
  readonly to: GrantTarget;
  readonly on: GrantObject;
  readonly operations: readonly string[] | 'any';
  readonly effect: 'allow' | 'deny';
  readonly active: boolean;
  /** A condition; an error in it never gives: an allow does not hit, a deny does. */
  readonly when?: string;
}

export const isExplicit = (grant: Grant): boolean =>
  grant.to !== 'anyone' && 'user' in grant.to && 'resource' in grant.on;

/**
 * The order in which grants are tried and, so, the one that is named; never the file's. Plain ones first, then those with a
 * condition, then those with a time of their own, then by id: what time alone may bring never overtakes what holds already.
 */
export function compareGrants(a: Grant, b: Grant): number {
  const rank = rankOf(a) - rankOf(b);
  return rank !== 0 ? rank : a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
const rankOf = (grant: Grant): number =>
  grant.from !== undefined || grant.until !== undefined ? 2 : grant.when === undefined ? 0 : 1;

/** Is it about this subject, operation and resource? Whether it hits is a matter of time and condition. */
export function isAimed(grant: Grant, subject: Subject, operation: string, resource: Resource): boolean {
  const { to, on } = grant;
  if (!grant.active || (grant.operations !== 'any' && !grant.operations.includes(operation))) return false;
  if (to !== 'anyone' && ('user' in to ? to.user !== subject.id : !subject.roles.includes(to.role))) return false;
  if ('resource' in on) return on.resource === resource.key;
  return 'group' in on ? resource.groups.includes(on.group) : on.type === resource.type;
}
