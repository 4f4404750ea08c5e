/** What is taken away while it is being used: whoever loses the right in between has not won. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { alice, lin, memoryGateway, settled } from '../../test/fixtures/memory-gateway.js';
import { watcherPage } from '../../test/fixtures/watcher-page.js';

const RACES = 1_000;

/** Every step of what is stored takes some turns, and what takes the right away comes at some moment. */
const race = fc.record({
  turns: fc.infiniteStream(fc.nat(3)),
  after: fc.nat(40),
});
async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await Promise.resolve();
}

it(`V13: of ${RACES} races between the end of a user's sign-ins and opening a session none is won`, async () => {
  let [begun, refused, inTheMiddle] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(race, async ({ turns: lengths, after }) => {
      const one = memoryGateway({ turn: () => turns(lengths.next().value) });
      const ticket = await one.ticketFor(alice);
      const opening = one.open(alice, ticket).then(
        () => begun++,
        () => refused++,
      );
      await turns(after);
      const asked = one.rows.size;
      one.gateway.endUser(alice.userId);
      await opening;
      await expect(one.open(alice, ticket)).rejects.toThrow('ticket.invalid');
      if (asked > 0) inTheMiddle++;
      await settled();
      // What was asked for before must be over; what comes after needs a sign-in, and there is none.
      for (const { state, endReason } of one.rows.values()) {
        expect([state, endReason?.kind]).toEqual(['ended', 'ended-by-admin']);
      }
      for (const { did } of one.shells) expect(did.closed).toBeDefined();
      expect(one.gateway.liveCount()).toBe(0);
    }),
    { numRuns: RACES, seed: 13 },
  );
  expect([begun + refused, begun > RACES / 2, inTheMiddle > RACES / 4]).toEqual([RACES, true, true]);
}, 120_000);

it(`V13: of ${RACES} races between the end of an auditor's sign-ins, or of the session, and watching it none is won`, async () => {
  const seen = { revoked: 0, over: 0, before: 0 };
  await fc.assert(
    fc.asyncProperty(race, fc.boolean(), async ({ turns: lengths, after }, bySession) => {
      const one = memoryGateway({ turn: () => turns(lengths.next().value) });
      const { id } = await one.open();
      await settled();
      const page = watcherPage();
      const ticket = await one.gateway.issueWatchTicket(lin, id);
      if (!ticket.ok) throw new Error('no ticket');
      const watching = one.gateway.watch(lin, ticket.value.ticket, page.end);
      await turns(after);
      const shownBefore = page.told.facts.length;
      if (bySession) await one.gateway.end(alice, id, {});
      else one.gateway.endUser(lin.userId);
      const let_in = await watching;
      one.shells[0]!.print('secret');
      one.clock.advance(50);
      await settled();
      if (let_in.ok) {
        // Let in before: then the end has told the page so, and its socket is closed by the one who revokes.
        seen.before++;
        expect(shownBefore > 0 || page.told.ended !== undefined).toBe(true);
        if (bySession) expect(page.told.ended).toEqual({ kind: 'closed-by-user' });
      } else {
        seen[bySession ? 'over' : 'revoked']++;
        expect(let_in.problem.code).toBe(bySession ? 'session.over' : 'auth.required');
        expect(page.told).toMatchObject({ facts: [], screens: 0, bytes: 0 });
        expect(one.gateway.watchersOf(id)).toEqual([]);
      }
      if (bySession) expect(page.text()).not.toContain('secret');
    }),
    { numRuns: RACES, seed: 13 },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(RACES / 20);
}, 120_000);
