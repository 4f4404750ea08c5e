/** Blocks that come without the end of a session: made, listed with those that came with one, lifted. */
import type { BlockAnswer, BlocksAnswer } from '@sallyport/core/wire/control-messages.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gate, openGate, type Person } from '../fixtures/http-gate.js';

let gate: Gate;
let [admin, auditor, alice]: Person[] = [];
beforeAll(async () => {
  gate = await openGate();
  [admin, auditor, alice] = await Promise.all([
    gate.person('lin', 'admin'),
    gate.person('ines', 'auditor'),
    gate.person('alice', 'operator'),
  ]);
});
afterAll(() => gate.close());

const add = (who: Person, change: object = {}): Promise<Response> =>
  who.ask('POST', 'blocks', { userId: alice!.id, minutes: 720, reason: 'on leave', ...change });

describe('a block without a session', () => {
  it('X44: is made with user, period and reason, listed, audited and lifted', async () => {
    const before = Date.now();
    const answer = await add(admin!);
    expect(answer.status).toBe(201);
    const made = (await answer.json()) as BlockAnswer;
    expect(made).toMatchObject({ userId: alice!.id, userName: 'alice', by: 'lin', reason: 'on leave' });
    expect(made).not.toHaveProperty('sessionId');
    expect(made.until - 720 * 60_000).toBeGreaterThanOrEqual(before);
    expect((await add(admin!, { reason: 'still on leave' })).status).toBe(201); // no session that it could be the second of
    const { items } = (await (await auditor!.ask('GET', 'blocks')).json()) as BlocksAnswer;
    expect(items.map(({ reason }) => reason).sort()).toEqual(['on leave', 'still on leave']);
    const target = `user:${alice!.id}`;
    const rows = await gate.audit.list({ action: 'block.create', target, limit: 10 });
    expect(rows.at(-1)).toMatchObject({ actor: 'lin', detail: { block: made.id, minutes: 720, reason: 'on leave' } });
    expect((await admin!.ask('DELETE', `blocks/${made.id}`)).status).toBe(204);
    const [lifted] = await gate.audit.list({ action: 'block.lift', target, limit: 10 });
    expect(lifted?.detail).toEqual({ block: made.id, until: new Date(made.until).toISOString() });
  });

  it.each([
    ['no reason', { reason: ' ' }],
    ['a reason that turns text', { reason: 'a\u202eb' }],
    ['no time', { minutes: 0 }],
    ['more than a year', { minutes: 525_601 }],
    ['half a minute', { minutes: 0.5 }],
    ['a field of the end of a session', { sessionId: '0'.repeat(26) }],
  ])('is not made with %s', async (_, change) => {
    expect((await add(admin!, change)).status).toBe(400);
  });

  it('V25: is not for who may not, and of nobody that is not there', async () => {
    for (const who of [auditor!, alice!]) expect((await add(who)).status).toBe(403);
    expect((await add(admin!, { userId: '0'.repeat(26) })).status).toBe(404);
  });
});
