/** Blocks on what runs and on what begins, on the gateway in memory. */
import { ok } from '@sallyport/core/model/problem.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { userNamed } from '../../../test/fixtures/memory-control.js';
import { alice, bob, lin, memoryGateway, settled, wang } from '../../../test/fixtures/memory-gateway.js';
import { watcherPage } from '../../../test/fixtures/watcher-page.js';
import { hostFacts, userFacts } from './standing-facts.js';

const RACES = 1_000;
const HOUR = 60;

describe('a block of a user', () => {
  it('X44, S52: ends what runs of them in the turn in which it is written, says why, and leaves others alone', async () => {
    const one = memoryGateway();
    const page = await one.open(alice);
    const other = await one.open(bob);
    await settled();
    const blocked = await one.gateway.block(lin, 'alice', HOUR, 'left the company');
    expect(blocked.ok).toBe(true);
    expect(one.shells.map(({ did }) => did.closed)).toEqual(['kill', undefined]);
    await settled();
    expect(page.told.ended).toMatchObject({ kind: 'ended-by-policy', code: 'access.blocked' });
    expect(JSON.stringify(page.told.ended)).not.toContain('company'); // ADR 0025
    expect(page.told.ended).toMatchObject({ params: { until: '2026-01-01 01:00 UTC' } });
    expect(other.told.ended).toBeUndefined();
    expect(one.gateway.liveCount()).toBe(1);
    const refused = await one.gateway.issueTicket(alice, 'h', 'a');
    expect(refused).toMatchObject({ problem: { code: 'access.blocked', params: { until: '2026-01-01 01:00 UTC' } } });
    expect((await one.gateway.issueTicket(bob, 'h', 'a')).ok).toBe(true);
    const [denied] = one.actions('access.denied');
    expect(denied).toMatchObject({ actor: 'alice', detail: { operation: 'connect', code: 'user-blocked' } });
  });

  it('S71: ends by itself, and a lift ends it at once; both stay as history', async () => {
    const one = memoryGateway();
    await one.gateway.block(lin, 'alice', HOUR, 'a');
    one.clock.advance(HOUR * 60_000 - 1);
    expect((await one.gateway.issueTicket(alice, 'h', 'a')).ok).toBe(false);
    one.clock.advance(1);
    await one.open(alice);
    const made = await one.gateway.block(lin, 'alice', HOUR, 'b');
    if (!made.ok) throw new Error();
    expect((await one.gateway.issueTicket(alice, 'h', 'a')).ok).toBe(false);
    expect((await one.gateway.liftBlock(lin, made.value.id, 'a mistake')).ok).toBe(true);
    expect((await one.gateway.liftBlock(lin, made.value.id, 'again')).ok).toBe(false);
    await one.open(alice);
    expect(one.gateway.standingBlocks()).toEqual([]);
    const kept = [...one.control.room.evaluator.book().tables.block.values()];
    expect(kept.map(({ reason }) => reason)).toEqual(['a', 'b']);
    expect(kept[1]?.lifted).toMatchObject({ by: 'lin', reason: 'a mistake' });
  });

  it('is not one’s own, and not of the last administrator who is not blocked', async () => {
    const one = memoryGateway();
    const code = async (...given: Parameters<typeof one.gateway.block>): Promise<string> => {
      const made = await one.gateway.block(...given);
      return made.ok ? 'ok' : made.problem.code;
    };
    expect(await code(lin, 'lin', HOUR, 'r')).toBe('block.self');
    const both = await Promise.all([code(lin, 'wang', HOUR, 'r'), code(wang, 'lin', HOUR, 'r')]);
    expect(both.sort()).toEqual(['block.last-admin', 'ok']);
  });

  it('what is not stored has not happened', async () => {
    const broken = { now: false };
    const one = memoryGateway({ turn: async () => (broken.now ? Promise.reject(new Error('disk')) : undefined) });
    const page = await one.open(alice);
    await settled();
    broken.now = true;
    await expect(one.gateway.block(lin, 'alice', HOUR, 'r')).rejects.toThrow('disk');
    broken.now = false;
    expect(page.told.ended).toBeUndefined();
    expect(one.gateway.standingBlocks()).toEqual([]);
    expect((await one.gateway.block(lin, 'alice', HOUR, 'r')).ok).toBe(true);
  });
});

it('V13: a right that goes sends watchers away; a host that goes ends its sessions', async () => {
  const one = memoryGateway();
  const page = await one.open(alice);
  const { id } = page;
  await settled();
  const [blocked, demoted, staying] = [watcherPage(), watcherPage(), watcherPage()];
  for (const [who, watcher] of [
    [lin, blocked],
    [wang, demoted],
    [wang, staying],
  ] as const) {
    const ticket = await one.gateway.issueWatchTicket(who, id);
    if (!ticket.ok) throw new Error(ticket.problem.code);
    expect((await one.gateway.watch(who, ticket.value.ticket, watcher.end)).ok).toBe(true);
  }
  await one.gateway.block(wang, 'lin', HOUR, 'r');
  expect(blocked.told.ended).toMatchObject({ kind: 'ended-by-policy', code: 'access.blocked' });
  expect(demoted.told.ended).toBeUndefined();
  await one.control.room.change('test', (book) => ok(userFacts(book, 'wang', userNamed('wang', 'operator'))));
  expect(demoted.told.ended).toMatchObject({ code: 'access.no-right' });
  expect(staying.told.ended).toMatchObject({ code: 'access.no-right' });
  expect(one.gateway.watchersOf(id)).toEqual([]);
  expect(page.told.ended).toBeUndefined();
  await one.control.room.change('test', (book) => ok(hostFacts(book, 'h', undefined)));
  await settled();
  expect(page.told.ended).toMatchObject({ kind: 'ended-by-policy' });
});

const race = fc.record({ turns: fc.infiniteStream(fc.nat(3)), after: fc.nat(40), begin: fc.nat(40) });
async function turns(count: number): Promise<void> {
  for (let n = 0; n < count; n++) await Promise.resolve();
}

it(`V13: of ${RACES} races between a block and opening a session none is won`, async () => {
  const seen = { refused: 0, begun: 0 };
  await fc.assert(
    fc.asyncProperty(race, async ({ turns: lengths, after, begin }) => {
      const one = memoryGateway({ turn: () => turns(lengths.next().value) });
      const ticket = await one.ticketFor(alice);
      const opening = turns(begin)
        .then(() => one.open(alice, ticket))
        .then(
          () => seen.begun++,
          () => seen.refused++,
        );
      await turns(after);
      expect((await one.gateway.block(lin, 'alice', HOUR, 'r')).ok).toBe(true);
      await opening;
      await settled();
      for (const { did } of one.shells) expect(did.closed).toBeDefined();
      for (const { state, endReason } of one.rows.values()) {
        expect([state, endReason?.kind]).toEqual(['ended', 'ended-by-policy']);
      }
      expect(one.gateway.liveCount()).toBe(0);
    }),
    { numRuns: RACES, seed: 13 },
  );
  expect(seen.begun).toBeGreaterThan(RACES / 10);
  expect(seen.refused).toBeGreaterThan(RACES / 10);
}, 120_000);
