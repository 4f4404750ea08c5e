/**
 * Key: `type:id`. The type has no colon and the id is verbatim, so an id with colons or spaces needs no escape (S46).
 * There is one canonical form, NFC: two spellings that look the same are the same name (W34).
 */
export type Key = string;

const TYPE = /^[a-z][a-z0-9-]{0,31}$/;
const OPERATION = /^[a-z][a-zA-Z0-9._-]{0,63}$/;
const NAME = /^[a-z][a-z0-9-]{0,63}$/;
const FORBIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u;
const MAX_ID_CHARACTERS = 256;

export const keyOf = (type: string, id: string): Key => `${type}:${id}`;

/** The two halves, or undefined when it is not a key. */
export function splitKey(key: Key): { readonly type: string; readonly id: string } | undefined {
  const colon = key.indexOf(':');
  if (colon < 1 || colon === key.length - 1) return undefined;
  return { type: key.slice(0, colon), id: key.slice(colon + 1) };
}

export const isTypeName = (type: string): boolean => TYPE.test(type);
export const isOperationName = (operation: string): boolean => OPERATION.test(operation);
/** Names of checks, codes, ids of grants and rules. */
export const isSlug = (name: string): boolean => NAME.test(name);

/** Ids keep every character that can be seen; what cannot be seen would let two names look alike. */
export const isCanonicalId = (id: string): boolean =>
  id !== '' && id.length <= MAX_ID_CHARACTERS && id === id.normalize('NFC') && id === id.trim() && !FORBIDDEN.test(id);
