/**
 * What the control book holds of Sallyport itself: two resource types, the roles, and the rights of each role as grants.
 * They are the program's, and brought up to date at every start. Users are subjects and hosts are resources, by the
 * directory.
 */
import type { Host } from '@sallyport/core/model/host.js';
import { OPERATIONS, ROLES, roleMay } from '@sallyport/core/model/role.js';
import type { User } from '@sallyport/core/model/user.js';
import type { Book, ChangedFact } from '@sallyport/core/policy/book.js';
import { CLOSE } from '@sallyport/core/policy/effect.js';
import type { Grant } from '@sallyport/core/policy/grant.js';
import { type Key, keyOf } from '@sallyport/core/policy/key.js';
import { NO_PROPERTIES } from '@sallyport/core/policy/properties.js';
import type { Resource } from '@sallyport/core/policy/resource.js';
import type { Subject } from '@sallyport/core/policy/subject.js';
import { put } from './control-room.js';

const HOST = 'host';
const SYSTEM_TYPE = 'system';
/** What operations without a host are asked on, and those on a host that is gone. */
export const SYSTEM: Key = keyOf(SYSTEM_TYPE, 'sallyport');
export const hostKey = (id: string): Key => keyOf(HOST, id);

/** Operations everybody may do on what is their own. */
const ON_ONES_OWN = ['end', 'replay', 'download'];
/** The gateway says whose it is; nobody else can. */
const OWNED = 'has(context.owner) && context.owner == subject.id';

export const subjectOf = ({ id, active, role, name }: User): Subject => ({
  id,
  active,
  roles: [role],
  props: { name },
  forcedLogin: 'replace',
});

const resourceOf = ({ id, name, labels }: Host): Resource => ({
  key: hostKey(id),
  type: HOST,
  groups: [],
  props: { name, labels },
});

/** In the order in which they can be written: what is named stands before who names it. */
export function programFacts(book: Book): readonly ChangedFact[] {
  const types = [HOST, SYSTEM_TYPE];
  const system: Resource = { key: SYSTEM, type: SYSTEM_TYPE, groups: [], props: NO_PROPERTIES };
  return [
    ...types.flatMap((name) =>
      put(book, 'type', name, { name, operations: OPERATIONS, asserts: 'never', onRevoke: CLOSE }),
    ),
    ...ROLES.flatMap((name) => put(book, 'role', name, { name })),
    ...put(book, 'resource', SYSTEM, system),
    ...types.flatMap(rightsOn).flatMap((grant) => put(book, 'grant', grant.id, grant)),
  ];
}

function rightsOn(type: string): readonly Grant[] {
  const common = { on: { type }, effect: 'allow', active: true } as const;
  return [
    ...ROLES.map((role) => ({
      ...common,
      id: `role-${role}-${type}`,
      to: { role },
      operations: OPERATIONS.filter((operation) => roleMay(role, operation)),
    })),
    { ...common, id: `owner-${type}`, to: 'anyone', operations: ON_ONES_OWN, when: OWNED },
  ];
}

export const userFacts = (book: Book, id: string, user: User | undefined): readonly ChangedFact[] =>
  put(book, 'subject', id, user && subjectOf(user));

export const hostFacts = (book: Book, id: string, host: Host | undefined): readonly ChangedFact[] =>
  put(book, 'resource', hostKey(id), host && resourceOf(host));

/** All that differs: those who are gone too. */
export function directoryFacts(book: Book, users: readonly User[], hosts: readonly Host[]): readonly ChangedFact[] {
  const [known, there] = [new Map(users.map((user) => [user.id, user])), new Map(hosts.map((host) => [host.id, host]))];
  const hostIds = [...book.tables.resource.values()].flatMap(({ key, type }) =>
    type === HOST ? [key.slice(HOST.length + 1)] : [],
  );
  return [
    ...[...new Set([...known.keys(), ...book.tables.subject.keys()])].flatMap((id) =>
      userFacts(book, id, known.get(id)),
    ),
    ...[...new Set([...there.keys(), ...hostIds])].flatMap((id) => hostFacts(book, id, there.get(id))),
  ];
}
