/**
 * What a condition can read. Whose word counts for properties is the resource type's: ours alone, ours first, or the
 * caller's. Names, roles and groups are always ours; what a caller says of itself is never a source for them.
 */
import type { Book } from './book.js';
import type { Bindings } from './condition.js';
import { splitKey } from './key.js';
import { NO_PROPERTIES, type Properties } from './properties.js';
import type { Request } from './request.js';
import type { Asserts, Resource } from './resource.js';
import type { Subject } from './subject.js';

const made = new WeakMap<object, Bindings>();

/** Made on the first condition of a decision, and once for all of them. */
export function bindingsOf(situation: {
  readonly book: Book;
  readonly subject: Subject;
  readonly resource: Resource;
  readonly request: Request;
}): Bindings {
  const known = made.get(situation);
  if (known !== undefined) return known;
  const { book, subject, resource, request } = situation;
  const asserts = book.tables.type.get(resource.type)?.asserts ?? 'never';
  const bindings: Bindings = {
    subject: { ...merged(asserts, subject.props, request.env.subject), id: subject.id, roles: subject.roles },
    action: { ...request.env.action, name: request.operation, params: request.params },
    resource: {
      ...merged(asserts, resource.props, request.env.resource),
      id: splitKey(resource.key)?.id ?? resource.key,
      type: resource.type,
      groups: resource.groups,
    },
    context: request.env.context,
  };
  made.set(situation, bindings);
  return bindings;
}

function merged(asserts: Asserts, stored: Properties, asserted: Properties): Properties {
  if (asserts === 'never' || asserted === NO_PROPERTIES) return stored;
  return asserts === 'fill' ? { ...asserted, ...stored } : { ...stored, ...asserted };
}
