import { randomBytes } from 'node:crypto';
import type { Principal } from '@sallyport/core/model/user.js';
import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../test/fixtures/fake-clock.js';
import { createTicketBook, TICKET_MS } from './ticket-book.js';

const alice: Principal = {
  userId: 'alice',
  name: 'alice',
  role: 'operator',
  via: 'web',
  credentialId: 'c1',
  address: '127.0.0.1',
};
const bob: Principal = { ...alice, userId: 'bob', name: 'bob' };
const open = { kind: 'open', hostId: 'h', accountId: 'a' } as const;

describe('ticket book', () => {
  it('V4: a ticket opens once, for its user, from its address', () => {
    const book = createTicketBook(fakeClock(), randomBytes);
    const { ticket } = book.issue(alice, open);
    expect(book.redeem(alice, ticket)).toEqual({ ok: true, value: open });
    expect(book.redeem(alice, ticket).ok).toBe(false);
    expect(book.redeem(bob, book.issue(alice, open).ticket).ok).toBe(false);
    expect(book.redeem({ ...alice, address: '127.0.0.2' }, book.issue(alice, open).ticket).ok).toBe(false);
  });

  it('V13: a user whose sign-ins are revoked has no tickets', () => {
    const book = createTicketBook(fakeClock(), randomBytes);
    const [mine, theirs] = [book.issue(alice, open), book.issue(bob, open)];
    book.forget(alice.userId);
    expect([book.redeem(alice, mine.ticket).ok, book.redeem(bob, theirs.ticket).ok]).toEqual([false, true]);
  });

  it("V4: another's try uses the ticket up", () => {
    const book = createTicketBook(fakeClock(), randomBytes);
    const { ticket } = book.issue(alice, open);
    book.redeem(bob, ticket);
    expect(book.redeem(alice, ticket).ok).toBe(false);
  });

  it('V4, F10: lives 60 s by the monotonic clock, whatever the wall clock does', () => {
    const clock = fakeClock();
    const book = createTicketBook(clock, randomBytes);
    const kept = book.issue(alice, open).ticket;
    clock.step(3_600_000);
    clock.advance(TICKET_MS - 1);
    expect(book.redeem(alice, kept).ok).toBe(true);
    const late = book.issue(alice, open).ticket;
    clock.step(-3_600_000);
    clock.advance(TICKET_MS);
    expect(book.redeem(alice, late).ok).toBe(false);
  });

  it('V2: 10,000 tickets are distinct and 256 bits long; a user holds 64 at most', () => {
    const book = createTicketBook(fakeClock(), randomBytes);
    const tickets = Array.from({ length: 10_000 }, () => book.issue(alice, open).ticket);
    expect(new Set(tickets).size).toBe(10_000);
    for (const ticket of tickets.slice(0, 100)) expect(Buffer.from(ticket, 'base64url').length).toBe(32);
    const alive = tickets.filter((ticket) => book.redeem(alice, ticket).ok);
    expect(alive).toEqual(tickets.slice(-64));
  });
});
