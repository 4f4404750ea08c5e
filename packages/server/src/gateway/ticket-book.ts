/**
 * One-use tickets for opening and resuming terminals (V4, W6): 256 random bits, 60 s, bound to user, source address and
 * to one host and account, or to one session. Kept in memory by their SHA-256: a ticket that outlives its process is
 * worth nothing. Bounded: a user has at most MAX_PER_USER, the oldest gives way.
 */
import { createHash } from 'node:crypto';
import { fail, ok, type Result } from '@sallyport/core/model/problem.js';
import type { Principal } from '@sallyport/core/model/user.js';
import type { Ticket } from './gateway.js';
import type { Clock } from './ports/clock.js';

export const TICKET_MS = 60_000;
/** A page opening all its 32 terminals at once, twice. */
const MAX_PER_USER = 64;

export type TicketPurpose =
  | { readonly kind: 'open'; readonly hostId: string; readonly accountId: string }
  | { readonly kind: 'resume'; readonly sessionId: string }
  | { readonly kind: 'watch'; readonly sessionId: string };

interface Issued {
  readonly purpose: TicketPurpose;
  readonly userId: string;
  readonly address: string;
  readonly expiresAt: number; // monotonic: a clock step neither kills nor revives a ticket (F10)
}

export interface TicketBook {
  issue(principal: Principal, purpose: TicketPurpose): Ticket;
  /** Takes the ticket, whatever the outcome: one try each. */
  redeem(principal: Principal, ticket: string): Result<TicketPurpose>;
  /** Takes all of a user's tickets. */
  forget(userId: string): void;
}

export function createTicketBook(clock: Clock, random: (bytes: number) => Buffer): TicketBook {
  const issued = new Map<string, Issued>();
  const keyOf = (ticket: string): string => createHash('sha256').update(ticket).digest('base64');

  function makeRoom(userId: string): void {
    const now = clock.monotonic();
    const own: string[] = [];
    for (const [key, entry] of issued) {
      if (entry.expiresAt <= now) issued.delete(key);
      else if (entry.userId === userId) own.push(key);
    }
    if (own.length >= MAX_PER_USER) issued.delete(own[0]!);
  }

  return {
    issue(principal, purpose) {
      makeRoom(principal.userId);
      const ticket = random(32).toString('base64url');
      issued.set(keyOf(ticket), {
        purpose,
        userId: principal.userId,
        address: principal.address,
        expiresAt: clock.monotonic() + TICKET_MS,
      });
      return { ticket, expiresAt: clock.now() + TICKET_MS };
    },
    redeem(principal, ticket) {
      const key = keyOf(ticket);
      const entry = issued.get(key);
      issued.delete(key);
      const good =
        entry !== undefined &&
        entry.expiresAt > clock.monotonic() &&
        entry.userId === principal.userId &&
        entry.address === principal.address;
      return good ? ok(entry.purpose) : fail('ticket.invalid');
    },
    forget(userId) {
      for (const [key, entry] of issued) if (entry.userId === userId) issued.delete(key);
    },
  };
}
