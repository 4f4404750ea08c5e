/** Comparing host keys: `SHA256:` and 43 base64 characters, read in groups of four. */
const PREFIX = 'SHA256:';

export const bareFingerprint = (fingerprint: string): string =>
  fingerprint.startsWith(PREFIX) ? fingerprint.slice(PREFIX.length) : fingerprint;

export function inFours(fingerprint: string): readonly string[] {
  return bareFingerprint(fingerprint).match(/.{1,4}/gu) ?? [];
}

export type Comparison =
  | { readonly kind: 'nothing' }
  /** What was pasted holds no SHA256 fingerprint. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'same'; readonly characters: number }
  /** Numbers of the groups that differ. */
  | { readonly kind: 'differs'; readonly groups: readonly number[] };

/** Compares with anything that holds a fingerprint: the whole line of `ssh-keygen -lf`, or the characters alone. */
export function compareFingerprint(shown: string, pasted: string): Comparison {
  const text = pasted.trim();
  if (text === '') return { kind: 'nothing' };
  const found = /SHA256:([A-Za-z0-9+/]{43})=?/.exec(text)?.[1] ?? alone(text);
  if (found === undefined) return { kind: 'unreadable' };
  const ours = inFours(shown);
  const theirs = inFours(found);
  const groups = ours.flatMap((group, index) => (group === theirs[index] ? [] : [index]));
  return groups.length === 0 ? { kind: 'same', characters: found.length } : { kind: 'differs', groups };
}

/** 43 characters, perhaps typed in groups. */
function alone(text: string): string | undefined {
  const packed = text.replace(/\s+/g, '').replace(/=$/, '');
  return /^[A-Za-z0-9+/]{43}$/.test(packed) ? packed : undefined;
}
