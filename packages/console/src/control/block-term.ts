/** For how long a user is blocked, as the dialog asks it. */
export const BLOCK_TERMS = ['none', '15', '60', '720', 'until'] as const;
export type BlockTerm = (typeof BLOCK_TERMS)[number];

const MINUTE_MS = 60_000;

/** Whole minutes from now, the last one begun counted; undefined: no block, or a time that is none or has passed. */
export function blockMinutes(term: BlockTerm, until: string, now: number): number | undefined {
  if (term === 'none') return undefined;
  if (term !== 'until') return Number(term);
  const minutes = Math.ceil((new Date(until).getTime() - now) / MINUTE_MS);
  return minutes > 0 ? minutes : undefined;
}

/** An hour from now, as a field for date and time takes it: local, without a zone. */
export function firstUntil(now: number): string {
  const at = new Date(now + 60 * MINUTE_MS);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
