/**
 * Book: every durable control fact at one version, as tables of immutable items. A decision is a function of a book, a
 * request, what was seen and a time. Change by change it is a fold of an append-only log, so any earlier version can be had.
 */
import type { Block } from './block.js';
import type { Check } from './check.js';
import type { ConditionLanguage } from './condition.js';
import type { Exemption } from './exemption.js';
import type { Grant } from './grant.js';
import type { Instant } from './instant.js';
import { DEFAULT_QUOTA, type Quota } from './quota.js';
import type { Resource, ResourceGroup, ResourceType } from './resource.js';
import type { DeclaredRole, Subject } from './subject.js';

export interface ControlSettings {
  /** Of the calendar day in which logins are counted. */
  readonly zone: string;
  readonly loginsPerDay: number;
  /** For whoever no quota is about. */
  readonly quota: Quota;
  /** May code take the place of the two block checks (W24)? */
  readonly replaceableBlocks: boolean;
}
export const DEFAULT_SETTINGS: ControlSettings = {
  zone: 'UTC',
  loginsPerDay: 3, // S62
  quota: DEFAULT_QUOTA,
  replaceableBlocks: false,
};

/** What a table holds, by the table's name. The key of an item is its id, name or resource key. */
export interface Items {
  readonly subject: Subject;
  readonly role: DeclaredRole;
  readonly type: ResourceType;
  readonly group: ResourceGroup;
  readonly resource: Resource;
  readonly grant: Grant;
  readonly block: Block;
  readonly exemption: Exemption;
  readonly quota: Quota;
  readonly check: Check;
}
export type Noun = keyof Items;
export const NOUNS = [
  'subject',
  'role',
  'type',
  'group',
  'resource',
  'grant',
  'block',
  'exemption',
  'quota',
  'check',
] as const satisfies readonly Noun[];

export type Tables = { readonly [N in Noun]: ReadonlyMap<string, Items[N]> };

export interface Book {
  readonly version: number;
  readonly settings: ControlSettings;
  readonly language: ConditionLanguage;
  readonly tables: Tables;
}

/** One step from a version to the next. `before` and `after` make it readable alone, and tell what it touches. */
export type Change = { readonly version: number; readonly at: Instant; readonly by: string } & ChangedFact;
export type ChangedFact =
  | {
      [N in Noun]: { readonly noun: N; readonly key: string; readonly before?: Items[N]; readonly after?: Items[N] };
    }[Noun]
  | { readonly noun: 'settings'; readonly before: ControlSettings; readonly after: ControlSettings };

export function emptyBook(language: ConditionLanguage, settings: ControlSettings = DEFAULT_SETTINGS): Book {
  return {
    version: 0,
    settings,
    language,
    tables: {
      subject: new Map(),
      role: new Map(),
      type: new Map(),
      group: new Map(),
      resource: new Map(),
      grant: new Map(),
      block: new Map(),
      exemption: new Map(),
      quota: new Map(),
      check: new Map(),
    },
  };
}

/** The next book; only the changed table is copied. INVARIANT: versions have no gap, or a change was lost. */
export function applyChange(book: Book, change: Change): Book {
  if (change.version !== book.version + 1) throw new Error(`change ${change.version} on book ${book.version}`);
  if (change.noun === 'settings') return { ...book, version: change.version, settings: change.after };
  const table = new Map<string, unknown>(book.tables[change.noun] as ReadonlyMap<string, unknown>);
  if (change.after === undefined) table.delete(change.key);
  else table.set(change.key, change.after);
  return { ...book, version: change.version, tables: { ...book.tables, [change.noun]: table } };
}

/** The book after all of them, each table copied once: what is read at start. */
export function foldChanges(book: Book, changes: Iterable<Change>): Book {
  const tables = Object.fromEntries(NOUNS.map((noun) => [noun, new Map<string, unknown>(book.tables[noun])]));
  let { version, settings } = book;
  for (const change of changes) {
    if (change.version !== version + 1) throw new Error(`change ${change.version} on book ${version}`);
    version = change.version;
    if (change.noun === 'settings') settings = change.after;
    else if (change.after === undefined) tables[change.noun]?.delete(change.key);
    else tables[change.noun]?.set(change.key, change.after);
  }
  return { ...book, version, settings, tables: tables as unknown as Tables };
}

/** The user's own number, else the largest of the roles', else everyone's (S62, W27). */
export function loginLimit(book: Book, subject: Subject): number {
  if (subject.loginsPerDay !== undefined) return subject.loginsPerDay;
  const byRole = subject.roles.flatMap((role) => book.tables.role.get(role)?.loginsPerDay ?? []);
  return byRole.length > 0 ? Math.max(...byRole) : book.settings.loginsPerDay;
}

/** Under which the logins of a day are counted: the date is part of the name, so a new day begins at nothing. */
export const loginKey = (user: string, date: string): string => `login:${date}:${user}`;
