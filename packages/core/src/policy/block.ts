/**
 * Block: keeps a user, a role, a group of resources or a resource out for a time. Every block is an entry of its own with
 * its source, so lifting one leaves the others and history stays (W29). Blocks cannot be exempted, only lifted.
 */
import { FOREVER, type Instant, type Span } from './instant.js';

export const AUTOMATIC_BLOCK_MS = 12 * 3_600_000; // S71

export interface Block extends Span {
  readonly id: string;
  /** `user:…`, `role:…`, `group:…` or a resource's key. */
  readonly on: BlockTarget;
  readonly source: 'manual' | 'automatic';
  readonly reason: string;
  readonly by: string;
  /** Of who set it; none when the gateway did. */
  readonly byId?: string;
  /** The session whose end it came with. */
  readonly session?: string;
  /** Why an automatic one came (S73). */
  readonly cause?: { readonly count: number; readonly periodMs: number; readonly lastOperation: string };
  readonly lifted?: { readonly at: Instant; readonly by: string; readonly reason: string };
}

/** Tagged and not a plain key, so that blocking the user `x` never blocks a resource of a type called `user` (S53). */
export type BlockTarget =
  | { readonly user: string }
  | { readonly role: string }
  | { readonly group: string }
  | { readonly resource: string };

/** Of several active blocks the one that ends last is told, then the one with the smaller id. */
export function outlasts(a: Block, b: Block): boolean {
  const [aUntil, bUntil] = [a.until ?? FOREVER, b.until ?? FOREVER];
  return aUntil !== bUntil ? aUntil > bUntil : a.id < b.id;
}

/** What follows when attempts go beyond the overrun number: temporary, and it says of itself that nobody set it (S70-S73). */
export const automaticBlock = (
  id: string,
  user: string,
  now: Instant,
  cause: NonNullable<Block['cause']>,
  lengthMs = AUTOMATIC_BLOCK_MS,
): Block => ({
  id,
  on: { user },
  source: 'automatic',
  reason: 'operation-overrun',
  by: 'system',
  from: now,
  until: now + lengthMs,
  cause,
});
