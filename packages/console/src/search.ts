/**
 * The query part of our addresses: plain names and values that a person can read and write. A repeated name is a list;
 * nothing is JSON.
 */
export type Search = Record<string, string | string[]>;

export function parseSearch(query: string): Search {
  const search: Search = {};
  for (const [name, value] of new URLSearchParams(query)) {
    const held = Object.hasOwn(search, name) ? search[name] : undefined;
    search[name] = held === undefined ? value : [...(typeof held === 'string' ? [held] : held), value];
  }
  return search;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const one of [value].flat())
      if (one !== undefined && one !== null && one !== '') params.append(name, String(one));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** Keeps the named single values and drops the rest. */
export const strings =
  <K extends string>(...names: readonly K[]) =>
  (raw: Record<string, unknown>): { [N in K]?: string } => {
    const kept: { [N in K]?: string } = {};
    for (const name of names) {
      const value = raw[name];
      if (typeof value === 'string' && value !== '') kept[name] = value;
    }
    return kept;
  };
